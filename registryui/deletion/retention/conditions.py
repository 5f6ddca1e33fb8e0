"""What a retention rule keeps, each condition on its own; what is not known never counts against.

Pure: times are compared in UTC, whatever zone they come in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext_noop

from registryui.accounts.pattern import ANY, matches
from registryui.oci.version import Version

# Builds without a date say 1970 or 1980; nothing that a registry holds is that old.
FIRST_REAL = datetime(1981, 1, 1, tzinfo=UTC)


class Order(StrEnum):
    """By what tags are put in order, or how old they are."""

    VERSION = "VERSION"
    CREATED = "CREATED"
    SEEN = "SEEN"


AMONG = {
    Order.VERSION: gettext_noop("It is among the newest {count} by version."),
    Order.CREATED: gettext_noop("It is among the newest {count} by the date they were built."),
    Order.SEEN: gettext_noop(
        "It is among the newest {count} by when we first saw them where they point."
    ),
}
NOT_AMONG = {
    Order.VERSION: gettext_noop("not among the newest {count} by version"),
    Order.CREATED: gettext_noop("not among the newest {count} by the date they were built"),
    Order.SEEN: gettext_noop(
        "not among the newest {count} by when we first saw them where they point"
    ),
}


@dataclass(frozen=True, slots=True)
class AgeWords:
    """What is said of an age: that it is within the days of a rule, or how old a tag is."""

    within_days: str
    within_a_day: str
    days_ago: str
    a_day_ago: str

    def within(self, age: timedelta, limit: int) -> str:
        """Say that it is younger than so many days."""
        form = self.within_a_day if limit == 1 else self.within_days
        return form.format(what=ago(age), days=f"{limit:,}")

    def older(self, age: timedelta) -> str:
        """Say how old it is; it is at least a day, as rules know no less."""
        form = self.a_day_ago if age.days == 1 else self.days_ago
        return form.format(days=f"{age.days:,}")


BUILT = AgeWords(
    gettext_noop("It was built {what}: within {days} days."),
    gettext_noop("It was built {what}: within 1 day."),
    gettext_noop("built {days} days ago"),
    gettext_noop("built 1 day ago"),
)
FIRST_SEEN = AgeWords(
    gettext_noop("It was first seen there {what}: within {days} days."),
    gettext_noop("It was first seen there {what}: within 1 day."),
    gettext_noop("first seen there {days} days ago"),
    gettext_noop("first seen there 1 day ago"),
)
PULLED = AgeWords(
    gettext_noop("It was pulled {what}: within {days} days."),
    gettext_noop("It was pulled {what}: within 1 day."),
    gettext_noop("last pulled {days} days ago"),
    gettext_noop("last pulled 1 day ago"),
)
NO_VERSION = gettext_noop("It is no version, so nobody can say which are newer: it stays.")
NOT_TOLD_YET = gettext_noop("The registry has not told us of pulls for {days} days yet: it stays.")
NOT_TOLD_A_DAY = gettext_noop("The registry has not told us of pulls for 1 day yet: it stays.")
NO_PULL_ALONE = gettext_noop("We were told of no pull of it; that alone condemns nothing.")
NO_PULL = gettext_noop("no pull of it known")
NO_DATE = gettext_noop("It has no date, so nobody can say how old it is: it stays.")
FUTURE = gettext_noop("Its date lies in the future, so nobody can say how old it is: it stays.")
DAYS_AGO = gettext_noop("{days} days ago")
A_DAY_AGO = gettext_noop("1 day ago")
HOURS_AGO = gettext_noop("{hours} hours ago")
AN_HOUR_AGO = gettext_noop("1 hour ago")
JUST_NOW = gettext_noop("just now")


@dataclass(frozen=True, slots=True, kw_only=True)
class TagFacts:
    """What is known of a tag; a date that is not known is None.

    ``moved_at`` is when we first saw the tag where it points: registries tell no time of a push.
    ``protection`` says by which rule it is protected, "" if by none.
    """

    name: str
    version_key: str
    digest: str
    created_at: datetime | None
    moved_at: datetime | None
    last_pulled_at: datetime | None = None
    is_attached: bool = False
    protection: str = ""


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
            return Opinion(keeps=AMONG[self._by].format(count=self._count))
        return Opinion(against=NOT_AMONG[self._by].format(count=self._count))

    def _rank(self, tag: TagFacts) -> str | None:
        if self._by == Order.VERSION:
            return tag.version_key if Version.parse(tag.name) is not None else None
        at = sound(date_of(tag, self._by), self._now)
        return at.isoformat(timespec="microseconds") if at is not None else None

    def _why_unknown(self, tag: TagFacts) -> str:
        if self._by == Order.VERSION:
            return NO_VERSION
        return why_unsound(date_of(tag, self._by))


def age_opinion(tag: TagFacts, terms: Terms, now: datetime) -> Opinion:
    """Say whether a tag is younger than the rule's days."""
    limit = terms.days or 0
    raw = date_of(tag, terms.days_by)
    at = sound(raw, now)
    if at is None:
        return Opinion(unknown=why_unsound(raw))
    words = BUILT if terms.days_by == Order.CREATED else FIRST_SEEN
    age = in_utc(now) - at
    if age < timedelta(days=limit):
        return Opinion(keeps=words.within(age, limit))
    return Opinion(against=words.older(age))


def pull_opinion(
    tag: TagFacts, terms: Terms, now: datetime, pulls_known_since: datetime | None
) -> Opinion:
    """Say whether a tag was pulled within the rule's days, if anybody would have told us."""
    limit = timedelta(days=terms.pulled_days or 0)
    pulled_at = in_utc(tag.last_pulled_at) if tag.last_pulled_at is not None else None
    age = in_utc(now) - pulled_at if pulled_at is not None else None
    if age is not None and age < limit:
        return Opinion(keeps=PULLED.within(age, limit.days))
    if pulls_known_since is None or in_utc(now) - in_utc(pulls_known_since) < limit:
        form = NOT_TOLD_A_DAY if limit.days == 1 else NOT_TOLD_YET
        return Opinion(unknown=form.format(days=f"{limit.days:,}"))
    if age is not None:
        return Opinion(against=PULLED.older(age))
    if (terms.newest, terms.days) == (None, None):
        return Opinion(unknown=NO_PULL_ALONE)
    return Opinion(against=NO_PULL)


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
        return NO_DATE
    return FUTURE


def ago(age: timedelta) -> str:
    """Return an age in words, rounded down."""
    if age >= timedelta(days=1):
        return A_DAY_AGO if age.days == 1 else DAYS_AGO.format(days=f"{age.days:,}")
    hours = int(age.total_seconds() // 3600)
    if hours <= 0:
        return JUST_NOW
    return AN_HOUR_AGO if hours == 1 else HOURS_AGO.format(hours=hours)
