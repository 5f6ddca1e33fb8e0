"""What a retention rule keeps, each condition on its own; what is not known never counts against.

Pure: times are compared in UTC, whatever zone they come in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from registryui.accounts.pattern import ANY, matches
from registryui.oci.version import Version

# Builds without a date say 1970 or 1980; nothing that a registry holds is that old.
FIRST_REAL = datetime(1981, 1, 1, tzinfo=UTC)


class Order(StrEnum):
    """By what tags are put in order, or how old they are."""

    VERSION = "VERSION"
    CREATED = "CREATED"
    SEEN = "SEEN"


WORDS = {
    Order.VERSION: "by version",
    Order.CREATED: "by the date they were built",
    Order.SEEN: "by when we first saw them where they point",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TagFacts:
    """What is known of a tag; a date that is not known is None.

    ``moved_at`` is when we first saw the tag where it points: registries tell no time of a push.
    """

    name: str
    version_key: str
    digest: str
    created_at: datetime | None
    moved_at: datetime | None
    last_pulled_at: datetime | None = None
    is_attached: bool = False
    protected_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a rule says: about which tags, and what of them it keeps; None is no condition."""

    name: str
    tag: str = ANY
    newest: int | None = None
    newest_by: Order = Order.VERSION
    days: int | None = None
    days_by: Order = Order.CREATED
    pulled_days: int | None = None
    kept: tuple[str, ...] = ()

    @property
    def is_bounded(self) -> bool:
        """Whether it has a condition that tags can fail; else it chooses nothing."""
        return (self.newest, self.days, self.pulled_days) != (None, None, None)

    def is_about(self, tag: TagFacts) -> bool:
        """Say whether the rule decides over the tag."""
        return not tag.is_attached and matches(self.tag, tag.name)


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one condition says of a tag: that it keeps it, or does not know, or what speaks against.

    Exactly one of the three is not empty.
    """

    keeps: str = ""
    unknown: str = ""
    against: str = ""


class Newest:
    """The newest tags of those that a rule is about. Those that tie with the last are kept, too."""

    def __init__(self, terms: Terms, tags: Sequence[TagFacts], now: datetime) -> None:
        """Put in order what has an order; what has none takes nobody's place."""
        self._count, self._by, self._now = terms.newest or 0, terms.newest_by, now
        ranks = [rank for tag in tags if (rank := self._rank(tag)) is not None]
        newest_first = sorted(ranks, reverse=True)[: self._count]
        self._least = newest_first[-1] if newest_first else None

    def opinion(self, tag: TagFacts) -> Opinion:
        """Say what it thinks of a tag."""
        rank = self._rank(tag)
        if rank is None:
            return Opinion(unknown=self._why_unknown(tag))
        if self._least is not None and rank >= self._least:
            return Opinion(keeps=f"It is among the newest {self._count} {WORDS[self._by]}.")
        return Opinion(against=f"not among the newest {self._count} {WORDS[self._by]}")

    def _rank(self, tag: TagFacts) -> str | None:
        if self._by == Order.VERSION:
            return tag.version_key if Version.parse(tag.name) is not None else None
        at = sound(date_of(tag, self._by), self._now)
        return at.isoformat(timespec="microseconds") if at is not None else None

    def _why_unknown(self, tag: TagFacts) -> str:
        if self._by == Order.VERSION:
            return "It is no version, so nobody can say which are newer: it stays."
        return why_unsound(date_of(tag, self._by))


def age_opinion(tag: TagFacts, terms: Terms, now: datetime) -> Opinion:
    """Say whether a tag is younger than the rule's days."""
    limit = terms.days or 0
    raw = date_of(tag, terms.days_by)
    at = sound(raw, now)
    if at is None:
        return Opinion(unknown=why_unsound(raw))
    verb = "built" if terms.days_by == Order.CREATED else "first seen there"
    age = in_utc(now) - at
    if age < timedelta(days=limit):
        return Opinion(keeps=f"It was {verb} {ago(age)}: within {days(limit)}.")
    return Opinion(against=f"{verb} {ago(age)}")


def pull_opinion(
    tag: TagFacts, terms: Terms, now: datetime, pulls_known_since: datetime | None
) -> Opinion:
    """Say whether a tag was pulled within the rule's days, if anybody would have told us."""
    limit = timedelta(days=terms.pulled_days or 0)
    pulled_at = in_utc(tag.last_pulled_at) if tag.last_pulled_at is not None else None
    age = in_utc(now) - pulled_at if pulled_at is not None else None
    if age is not None and age < limit:
        return Opinion(keeps=f"It was pulled {ago(age)}: within {days(limit.days)}.")
    if pulls_known_since is None or in_utc(now) - in_utc(pulls_known_since) < limit:
        return Opinion(
            unknown=f"The registry has not told us of pulls for {days(limit.days)} yet: it stays."
        )
    if age is not None:
        return Opinion(against=f"last pulled {ago(age)}")
    if (terms.newest, terms.days) == (None, None):
        return Opinion(unknown="We were told of no pull of it; that alone condemns nothing.")
    return Opinion(against="no pull of it known")


def date_of(tag: TagFacts, by: Order) -> datetime | None:
    """Return the date that an order goes by."""
    return tag.created_at if by == Order.CREATED else tag.moved_at


def in_utc(moment: datetime) -> datetime:
    """Return a moment in UTC; times of one zone would be compared by the clock on its walls."""
    return moment.astimezone(UTC)


def sound(moment: datetime | None, now: datetime) -> datetime | None:
    """Return a date in UTC if it can be one; None for one that is missing, zero or to come."""
    if moment is None or moment.tzinfo is None:
        return None
    at = in_utc(moment)
    return at if FIRST_REAL <= at <= in_utc(now) else None


def why_unsound(moment: datetime | None) -> str:
    """Say why a date does not count."""
    if moment is None or moment.tzinfo is None or in_utc(moment) < FIRST_REAL:
        return "It has no date, so nobody can say how old it is: it stays."
    return "Its date lies in the future, so nobody can say how old it is: it stays."


def days(count: int) -> str:
    """Return a number of days in words."""
    return f"{count:,} {'day' if count == 1 else 'days'}"


def ago(age: timedelta) -> str:
    """Return an age in words, rounded down."""
    if age >= timedelta(days=1):
        return f"{days(age.days)} ago"
    hours = int(age.total_seconds() // 3600)
    return f"{hours} {'hour' if hours == 1 else 'hours'} ago" if hours > 0 else "just now"
