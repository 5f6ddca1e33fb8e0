"""Which tags a retention rule chooses, each with the sentence why it stays or goes.

Pure. A tag goes only if no condition of its rule keeps it, nothing about it is unknown that a
condition asks for, it is not protected, and no other rule that is switched on keeps it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_noop

from registryui.accounts.pattern import matches
from registryui.deletion.retention.conditions import (
    Newest,
    Opinion,
    TagFacts,
    Terms,
    age_opinion,
    pull_opinion,
)

NAMES_SHOWN = 3
NO_CONDITION = gettext_noop(
    "The rule has no condition that a tag could fail, so it chooses nothing."
)
KEPT_BY_ANOTHER = gettext_noop("The rule “{name}” keeps it: {reason}")
_MATCHES = gettext_noop("It matches {pattern}, which is kept.")
_ONE_STAYS = gettext_noop("{names} stays on the same digest, so only the name goes.")
_SOME_STAY = gettext_noop("{names} stay on the same digest, so only the name goes.")
_MANY_STAY = gettext_noop(
    "{names} and {count} more stay on the same digest, so only the name goes."
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of one tag, and why."""

    name: str
    digest: str
    goes: bool
    why: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What becomes of each tag that the rule is about, in the order they were given."""

    verdicts: tuple[Verdict, ...]

    @property
    def going(self) -> tuple[Verdict, ...]:
        """Those that go."""
        return tuple(each for each in self.verdicts if each.goes)

    @property
    def staying(self) -> tuple[Verdict, ...]:
        """Those that stay."""
        return tuple(each for each in self.verdicts if not each.goes)


def choose(
    tags: Sequence[TagFacts],
    rule: Terms,
    now: datetime,
    *,
    others: Iterable[Terms] = (),
    pulls_known_since: datetime | None = None,
) -> Choice:
    """Decide over the tags of one repository.

    ``others`` are the other rules for it that are switched on: what one of them keeps stays. What
    they merely do not know counts in their own choice alone, else one rule for everything would
    stop every rule for something.
    """
    judge = _Judge(rule, tags, now, pulls_known_since)
    keepers = [_Judge(each, tags, now, pulls_known_since) for each in others]
    verdicts = [_verdict(tag, judge, keepers) for tag in tags if rule.is_about(tag)]
    return Choice(tuple(_with_neighbours(verdicts, tags)))


class _Judge:
    """A rule with the order of the tags it is about."""

    def __init__(
        self,
        terms: Terms,
        tags: Sequence[TagFacts],
        now: datetime,
        pulls_known_since: datetime | None,
    ) -> None:
        self.terms, self._now, self._known_since = terms, now, pulls_known_since
        self._newest = Newest(terms, [tag for tag in tags if terms.is_about(tag)], now)

    def keeps(self, tag: TagFacts) -> str:
        """Return why the rule keeps a tag, or nothing."""
        if not self.terms.is_about(tag):
            return ""
        pattern = next((each for each in self.terms.kept if matches(each, tag.name)), "")
        if pattern:
            return _MATCHES.format(pattern=pattern)
        return next((each.keeps for each in self.opinions(tag) if each.keeps), "")

    def opinions(self, tag: TagFacts) -> tuple[Opinion, ...]:
        """Return what each condition there is says of a tag."""
        terms, found = self.terms, []
        if terms.newest is not None:
            found.append(self._newest.opinion(tag))
        if terms.days is not None:
            found.append(age_opinion(tag, terms, self._now))
        if terms.pulled_days is not None:
            found.append(pull_opinion(tag, terms, self._now, self._known_since))
        return tuple(found)


def _verdict(tag: TagFacts, judge: _Judge, others: Iterable[_Judge]) -> Verdict:
    stays = _why_it_stays(tag, judge) or _kept_by_others(tag, others)
    if stays:
        return Verdict(tag.name, tag.digest, goes=False, why=stays)
    reasons = "; ".join(each.against for each in judge.opinions(tag))
    return Verdict(tag.name, tag.digest, goes=True, why=f"{reasons[:1].upper()}{reasons[1:]}.")


def _why_it_stays(tag: TagFacts, judge: _Judge) -> str:
    if tag.protection:
        return tag.protection
    if not judge.terms.is_bounded:
        return NO_CONDITION
    unknown = (each.unknown for each in judge.opinions(tag) if each.unknown)
    return judge.keeps(tag) or next(unknown, "")


def _kept_by_others(tag: TagFacts, others: Iterable[_Judge]) -> str:
    for judge in others:
        if why := judge.keeps(tag):
            why = f"{why[:1].lower()}{why[1:]}"
            return KEPT_BY_ANOTHER.format(name=judge.terms.name, reason=why)
    return ""


def _with_neighbours(verdicts: Sequence[Verdict], tags: Iterable[TagFacts]) -> Iterable[Verdict]:
    """Say of a tag that goes which tags stay on its digest: then only the name may go."""
    going = {each.name for each in verdicts if each.goes}
    staying: Mapping[str, list[str]] = defaultdict(list)
    for tag in tags:
        if tag.name not in going:
            staying[tag.digest].append(tag.name)
    for each in verdicts:
        names = staying.get(each.digest, []) if each.goes else []
        yield _alone(each, names) if names else each


def _alone(verdict: Verdict, names: Sequence[str]) -> Verdict:
    shown, more = ", ".join(names[:NAMES_SHOWN]), len(names) - NAMES_SHOWN
    form = _MANY_STAY if more > 0 else _ONE_STAYS if len(names) == 1 else _SOME_STAY
    why = f"{verdict.why} {form.format(names=shown, count=more)}"
    return Verdict(verdict.name, verdict.digest, goes=True, why=why)
