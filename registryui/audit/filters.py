"""Which events are asked for: the part of an address that narrows the log."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.dateparse import parse_date, parse_datetime

from registryui.audit.actions import Action, Result
from registryui.audit.models import AuditEvent, AuditHead
from registryui.web.query import text_in

Events = QuerySet[AuditEvent]


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
        moments = {"from": self.start, "to": self.end}
        said = {
            "who": self.who,
            "team": self.team,
            "registry": self.registry,
            "repository": self.repository,
            "subject": self.subject,
            "action": self.action,
            "result": self.result,
            **{name: at.isoformat() if at else "" for name, at in moments.items()},
        }
        return {name: value for name, value in said.items() if value}

    def events(self) -> Events:
        """Return the events asked for, in no order."""
        found = AuditEvent.objects.filter(**self._exact())
        if self.start is None and self.end is None:
            return found
        return _within(found, self.start, self.end)

    def _exact(self) -> dict[str, str]:
        # A digest is long and its own column, so it needs no field of its own in the form.
        is_digest = self.subject.startswith(("sha256:", "sha512:"))
        exact = {
            "actor": self.who,
            "team_rows__team": self.team,
            "registry": self.registry,
            "repository": self.repository,
            "digest" if is_digest else "subject": self.subject,
            "action": self.action,
            "result": self.result,
        }
        return {name: value for name, value in exact.items() if value}


def _within(found: Events, start: datetime | None, end: datetime | None) -> Events:
    """Keep the events of a time, and say by sequence where in the log they can be at most.

    The log is read by sequence, and without that an old time would be looked for from the newest
    event on. Times do not quite follow the sequence, because machines' clocks differ; the head
    knows by how much at most. An event later than another by more than that comes after it.
    """
    head = AuditHead.objects.filter(pk=AuditHead.ONLY).first()
    apart = head.most_behind if head else timedelta(0)
    by_time = AuditEvent.objects.values_list("sequence", flat=True)
    if start is not None:
        found = found.filter(at__gte=start)
        before = by_time.filter(at__lt=_moved(start, -apart)).order_by("-at").first()
        found = found.filter(sequence__gt=before or 0)
    if end is not None:
        found = found.filter(at__lt=end)
        after = by_time.filter(at__gte=_moved(end, apart)).order_by("at").first()
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
