"""The log as a list: narrowed by its address, the newest first."""

from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db.models import TextChoices
from django.http import QueryDict
from django.urls import reverse

from registryui.audit.actions import Action, Result
from registryui.audit.filters import AuditFilters
from registryui.audit.keyset import Slice, slice_of
from registryui.audit.pages.rows import AuditDetail, AuditRow, rows_of
from registryui.web.pagination import address


@dataclass(frozen=True, slots=True)
class AuditChoice:
    """One value of a filter."""

    value: str = field(metadata={"help": "As it is in the address."})
    text: str = field(metadata={"help": "What is read."})
    is_chosen: bool = field(metadata={"help": "Whether the list is narrowed to it."})


@dataclass(frozen=True, slots=True)
class AuditListPage:
    """Who did what to what, when, with what result; the newest first."""

    url: str = field(metadata={"help": "Address of the whole log."})
    narrowed_to: tuple[AuditDetail, ...] = field(
        metadata={"help": "What the address narrows it to, by the names there."}
    )
    who: str = field(metadata={"help": "The person it is narrowed to."})
    team: str = field(metadata={"help": "The team that the person was in."})
    registry: str = field(metadata={"help": "The registry it is narrowed to."})
    repository: str = field(metadata={"help": "The repository it is narrowed to."})
    subject: str = field(metadata={"help": "The tag, user, team, rule … or digest."})
    start: datetime | None = field(metadata={"help": "The first moment that is shown."})
    end: datetime | None = field(metadata={"help": "The first moment that is not."})
    actions: tuple[AuditChoice, ...] = field(metadata={"help": "The actions to narrow to."})
    results: tuple[AuditChoice, ...] = field(metadata={"help": "The results to narrow to."})
    kept_days: int = field(metadata={"help": "How long events are kept; 0 for ever."})
    events: tuple[AuditRow, ...] = field(metadata={"help": "The rows of this page."})
    newest_url: str = field(metadata={"help": "Address of the first page; empty on it."})
    newer_url: str = field(metadata={"help": "Address of the page before; empty if none is."})
    older_url: str = field(metadata={"help": "Address of the next page; empty on the last."})
    csv_url: str = field(metadata={"help": "All rows of all pages, as CSV."})
    jsonl_url: str = field(metadata={"help": "The same, a JSON object on each line."})

    @classmethod
    def build(cls, query: QueryDict) -> "AuditListPage":
        """Read the page: the same few queries however long the log is."""
        filters = AuditFilters.parse(query)
        found = slice_of(filters, query, size=settings.PAGE_SIZE)
        newest, newer, older = _links(found, query)
        return cls(
            url=reverse("audit-list"),
            narrowed_to=tuple(AuditDetail(*pair) for pair in filters.in_words.items()),
            who=filters.who,
            team=filters.team,
            registry=filters.registry,
            repository=filters.repository,
            subject=filters.subject,
            start=filters.start,
            end=filters.end,
            actions=_choices(Action, filters.action),
            results=_choices(Result, filters.result),
            kept_days=settings.AUDIT_DAYS,
            events=rows_of(found.events),
            newest_url=newest,
            newer_url=newer,
            older_url=older,
            csv_url=address(query, path=reverse("audit-csv"), before="", after=""),
            jsonl_url=address(query, path=reverse("audit-jsonl"), before="", after=""),
        )


def _links(found: Slice, query: QueryDict) -> tuple[str, str, str]:
    """Return the addresses of the newest page, the one before and the one after."""
    path, events = reverse("audit-list"), found.events
    is_first = not (query.get("before") or query.get("after"))
    newest = "" if is_first else address(query, path=path, before="", after="")
    newer = older = ""
    if events and found.has_newer:
        newer = address(query, path=path, before="", after=str(events[0].sequence))
    if events and found.has_older:
        older = address(query, path=path, after="", before=str(events[-1].sequence))
    return newest, newer, older


def _choices(kinds: type[TextChoices], chosen: str) -> tuple[AuditChoice, ...]:
    return tuple(
        AuditChoice(each.value.lower(), str(each.label), each.value == chosen) for each in kinds
    )
