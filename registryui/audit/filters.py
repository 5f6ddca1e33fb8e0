"""Which events are asked for: the part of an address that narrows the log."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

from django.db import connection
from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext_noop

from registryui.audit.actions import Action, Result, action_words
from registryui.audit.models import AuditEvent, AuditHead
from registryui.web.query import text_in

Events = QuerySet[AuditEvent]

TEAM = "team_rows__team"
_TELLING = ("digest", "repository", "subject", "actor", TEAM, "action", "result", "registry")
_TOGETHER = {"repository": "subject", "actor": "action", "action": "result"}


@dataclass(frozen=True, slots=True)
class AuditFilters:
    """What the log is narrowed to; what is empty or None does not narrow it."""

    who: str = ""
    team: str = ""
    registry: str = ""
    repository: str = ""
    subject: str = ""
    action: str = ""
    result: str = ""
    start: datetime | None = None
    end: datetime | None = None

    @classmethod
    def parse(cls, query: QueryDict) -> Self:
        """Read an address; what makes no sense there counts as not said."""
        action = text_in(query, "action", most=50).upper()
        result = text_in(query, "result", most=10).upper()
        return cls(
            who=text_in(query, "who", most=200),
            team=text_in(query, "team", most=100),
            registry=text_in(query, "registry", most=100),
            repository=text_in(query, "repository", most=255),
            subject=text_in(query, "subject", most=300),
            action=action if action in Action.values else "",
            result=result if result in Result.values else "",
            start=_moment(text_in(query, "from", most=40)),
            end=_moment(text_in(query, "to", most=40), is_end=True),
        )

    @property
    def in_words(self) -> dict[str, str]:
        """What narrows the log, by the names in the address."""
        moments = {gettext_noop("from"): self.start, gettext_noop("to"): self.end}
        said = {
            gettext_noop("who"): self.who,
            gettext_noop("team"): self.team,
            gettext_noop("registry"): self.registry,
            gettext_noop("repository"): self.repository,
            gettext_noop("subject"): self.subject,
            gettext_noop("action"): action_words(self.action),
            gettext_noop("result"): str(Result(self.result).label) if self.result else "",
            **{name: f"{at:%Y-%m-%d %H:%M:%S} UTC" if at else "" for name, at in moments.items()},
        }
        return {name: value for name, value in said.items() if value}

    def events(self, *, newest_first: bool = True) -> Events:
        """Return the events asked for, by sequence."""
        exact = self._exact()
        found = _narrowed(exact)
        if self.start is not None or self.end is not None:
            found = _within(found, self.start, self.end)
        # Where the teams' index leads, it is its order that costs nothing.
        order = "team_rows__event_id" if _leading(exact)[:1] == (TEAM,) else "sequence"
        return found.order_by(f"-{order}" if newest_first else order)

    def _exact(self) -> dict[str, str]:
        # A digest is long and its own column, so it needs no field of its own in the form.
        is_digest = self.subject.startswith(("sha256:", "sha512:"))
        exact = {
            "digest" if is_digest else "subject": self.subject,
            "repository": self.repository,
            "actor": self.who,
            TEAM: self.team,
            "action": self.action,
            "result": self.result,
            "registry": self.registry,
        }
        return {name: value for name, value in exact.items() if value}


def _leading(exact: dict[str, str]) -> tuple[str, ...]:
    """Return the columns by whose index events are best found: those that tell most of them apart.

    A tag's name alone tells less than its repository; some pairs have an index together.
    """
    first = next((name for name in _TELLING if name in exact), "")
    return tuple(name for name in (first, _TOGETHER.get(first, "")) if name in exact)


def _narrowed(exact: dict[str, str]) -> Events:
    if connection.vendor != "sqlite":
        return AuditEvent.objects.filter(**exact)
    # SQLite has no figures to choose an index by, so the others are put out of its reach.
    leading = _leading(exact)
    found = AuditEvent.objects.filter(**{name: exact[name] for name in leading})
    for number, name in enumerate(name for name in exact if name not in leading):
        hidden = f"hidden_{number}"
        found = found.alias(**{hidden: Coalesce(name, Value(""))}).filter(**{hidden: exact[name]})
    return found


def _within(found: Events, start: datetime | None, end: datetime | None) -> Events:
    """Keep the events of a time, and say by sequence where in the log they can be at most.

    The log is read by sequence, and without that an old time would be looked for from the newest
    event on. Times do not quite follow the sequence, because machines' clocks differ; the head
    knows by how much at most. An event later than another by more than that comes after it.
    """
    head = AuditHead.objects.filter(pk=AuditHead.ONLY).first()
    apart = head.most_behind if head else timedelta(0)
    by_time = AuditEvent.objects.values_list("sequence", flat=True)
    found = found.alias(hidden_at=Coalesce("at", "at"))  # by sequence, not by the index of times
    if start is not None:
        before = by_time.filter(at__lt=_moved(start, -apart)).order_by("-at").first()
        found = found.filter(hidden_at__gte=start, sequence__gt=before or 0)
    if end is not None:
        after = by_time.filter(at__gte=_moved(end, apart)).order_by("at").first()
        found = found.filter(hidden_at__lt=end)
        found = found.filter(sequence__lt=after) if after is not None else found
    return found


def _moved(moment: datetime, by: timedelta) -> datetime:
    try:
        return moment + by
    except OverflowError:
        return moment


def _moment(text: str, *, is_end: bool = False) -> datetime | None:
    """Read a time in UTC, or a day: its beginning, or as an end the beginning of the next."""
    try:
        moment = parse_datetime(text) if "T" in text or " " in text else None
        day = parse_date(text) if moment is None else None
        if day is not None:
            moment = datetime(day.year, day.month, day.day) + timedelta(days=is_end)  # noqa: DTZ001
        if moment is None:
            return None
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
