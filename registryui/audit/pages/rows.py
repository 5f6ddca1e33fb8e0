"""Events as rows of a list, with links to what they are about."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.http import QueryDict
from django.urls import NoReverseMatch, reverse

from registryui.audit.actions import Result, Via, action_words
from registryui.audit.models import AuditEvent
from registryui.oci.digest import Digest
from registryui.oci.errors import OciError
from registryui.oci.reference import is_repository_name, is_tag


@dataclass(frozen=True, slots=True)
class AuditDetail:
    """A text with its name."""

    name: str = field(metadata={"help": "What it is."})
    value: str = field(metadata={"help": "As a text."})


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One event."""

    sequence: int = field(metadata={"help": "Its place in the log."})
    url: str = field(metadata={"help": "Address of its page."})
    at: datetime = field(metadata={"help": "When, by the clock of the machine that recorded it."})
    actor: str = field(metadata={"help": "Who, by the name of that time."})
    actor_url: str = field(metadata={"help": "Address of all that this name did."})
    teams: str = field(metadata={"help": "The actor's teams at that time."})
    via: str = field(metadata={"help": "By which way: SESSION, TOKEN, PROXY, SYSTEM, COMMAND."})
    via_words: str = field(metadata={"help": "The same in words."})
    action: str = field(metadata={"help": "What was done or tried."})
    action_words: str = field(metadata={"help": "The same in words."})
    registry: str = field(metadata={"help": "The registry's slug; empty if it was about none."})
    repository: str = field(metadata={"help": "The repository; empty if it was about none."})
    repository_url: str = field(metadata={"help": "Its address, whether it is still there or not."})
    subject: str = field(metadata={"help": "A tag, a user, a team, a rule …"})
    subject_url: str = field(metadata={"help": "The tag's address, or that of all about it."})
    digest: str = field(metadata={"help": "The manifest; empty if it was about none."})
    digest_url: str = field(metadata={"help": "Its address, whether it is still there or not."})
    result: str = field(metadata={"help": "ATTEMPTED, DONE, REFUSED, FAILED or UNKNOWN."})
    result_words: str = field(metadata={"help": "The same in words."})
    reason: str = field(metadata={"help": "Why, in words."})


def rows_of(events: Sequence[AuditEvent]) -> tuple[AuditRow, ...]:
    """Return the rows of some events, without asking the database."""
    return tuple(row_of(event) for event in events)


def row_of(event: AuditEvent) -> AuditRow:
    """Return the row of an event."""
    place = [event.registry, event.repository]
    is_sound = bool(event.registry) and is_repository_name(event.repository)
    return AuditRow(
        sequence=event.sequence,
        url=event_address(event.sequence),
        at=event.at,
        actor=event.actor,
        actor_url=list_address(who=event.actor),
        teams=event.teams,
        via=event.via,
        via_words=str(Via(event.via).label) if event.via in Via.values else event.via,
        action=event.action,
        action_words=action_words(event.action),
        registry=event.registry,
        repository=event.repository,
        repository_url=_address("tag-list", place) if is_sound else "",
        subject=event.subject,
        subject_url=_subject_address(event, is_in_repository=is_sound),
        digest=event.digest,
        digest_url=_digest_address(event) if is_sound else "",
        result=event.result,
        result_words=str(Result(event.result).label),
        reason=event.reason,
    )


def event_address(sequence: int) -> str:
    """Return the address of an event's page."""
    return reverse("audit-event", args=[sequence])


def list_address(**filters: str) -> str:
    """Return the address of the log, narrowed."""
    query = QueryDict(mutable=True)
    query.update(filters)
    return f"{reverse('audit-list')}?{query.urlencode(safe='/:')}"


def _subject_address(event: AuditEvent, *, is_in_repository: bool) -> str:
    if not event.subject:
        return ""
    if is_in_repository and is_tag(event.subject):
        return _address("tag-detail", [event.registry, event.repository, event.subject])
    return list_address(subject=event.subject)


def _digest_address(event: AuditEvent) -> str:
    try:
        digest = Digest.parse(event.digest)
    except OciError:
        return ""
    return _address("manifest-detail", [event.registry, event.repository, digest])


def _address(name: str, arguments: Sequence[object]) -> str:
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:  # a slug that no registry can have
        return ""
