"""The page of an operation: what was confirmed, how far it is, what came of each step."""

from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from registryui.accounts.access import Access
from registryui.catalog.pages.parts import Link
from registryui.deletion.doors import may_delete_in, reads_operations
from registryui.deletion.models import Operation, Step
from registryui.deletion.pages.collecting import Collection, collection_of
from registryui.deletion.pages.outcome import Outcome
from registryui.deletion.pages.steps import StepRow
from registryui.web.pagination import Pagination, paginate
from registryui.web.sentences import in_own_language

MOST_PROBLEMS = 100
_TAKEN = ("DONE", "UNKNOWN", "FAILED")
_PROBLEMS = ("CHANGED", "REFUSED", "FAILED", "UNKNOWN", "STOPPED")


@dataclass(frozen=True, slots=True)
class OperationPage:
    """One operation: a deletion, a restore or a copy."""

    number: int = field(metadata={"help": "Its number."})
    url: str = field(metadata={"help": "Address of this page."})
    crumbs: tuple[Link, ...] = field(metadata={"help": "The way up."})
    kind: str = field(metadata={"help": "DELETE, RESTORE or COPY."})
    kind_words: str = field(metadata={"help": "The same in words."})
    registry: str = field(metadata={"help": "The registry's name in addresses."})
    repository: str = field(metadata={"help": "The repository's full name."})
    actor: str = field(metadata={"help": "Who confirmed it."})
    reason: str = field(metadata={"help": "The rule it was done for; empty for a person's wish."})
    created_at: datetime = field(metadata={"help": "When it was confirmed."})
    started_at: datetime | None = field(metadata={"help": "When a worker began."})
    finished_at: datetime | None = field(metadata={"help": "When it ended; null before."})
    outcome: Outcome = field(metadata={"help": "How it stands as a whole."})
    is_live: bool = field(metadata={"help": "Whether looking again is worth it."})
    problems: tuple[StepRow, ...] = field(
        metadata={"help": "The steps that were not done, with the reasons; at most 100."}
    )
    steps: tuple[StepRow, ...] = field(metadata={"help": "The steps of this page, in order."})
    pagination: Pagination = field(metadata={"help": "Where in the steps this page stands."})
    collection: Collection | None = field(
        metadata={"help": "How space is freed; null unless something was deleted."}
    )
    stop_url: str = field(metadata={"help": "Where to POST to stop it; empty for who may not."})
    undo_url: str = field(
        metadata={"help": "Where undoing it is planned; empty if there is nothing, or no right."}
    )
    restores: Link | None = field(metadata={"help": "The operation that this one undoes."})
    restored_by: tuple[Link, ...] = field(metadata={"help": "The operations that undo this one."})

    @classmethod
    def build(cls, operation: Operation, query: QueryDict, *, access: Access) -> "OperationPage":
        """Read an operation: the same number of queries however many steps it has."""
        outcome = Outcome.of(operation)
        path = operation.get_absolute_url()
        pagination = paginate(query, path=path, total=outcome.total, size=settings.PAGE_SIZE)
        steps = Step.objects.filter(operation=operation).order_by("position")
        page = steps[pagination.offset : pagination.last]
        problems = steps.filter(state__in=_PROBLEMS)[:MOST_PROBLEMS]
        may_change = not settings.READ_ONLY and may_delete_in(
            access, operation.registry.slug, operation.repository
        )
        is_deleted = operation.kind == Operation.Kind.DELETE and bool(outcome.well)
        can_undo = may_change and not outcome.is_live and _takes_away(operation)
        can_stop = may_change and outcome.is_live and not operation.is_stop_asked

        def rows(found: "list[Step]") -> tuple[StepRow, ...]:
            return tuple(
                StepRow.build(step, operation, reads_audit=access.reads_audit) for step in found
            )

        return cls(
            number=operation.pk,
            url=path,
            crumbs=_crumbs(operation, access),
            kind=operation.kind,
            kind_words=str(operation.get_kind_display()),
            registry=operation.registry.slug,
            repository=operation.repository,
            actor=operation.actor_name,
            reason=in_own_language(operation.reason),
            created_at=operation.created_at,
            started_at=operation.started_at,
            finished_at=operation.finished_at,
            outcome=outcome,
            is_live=outcome.is_live,
            problems=rows(list(problems)),
            steps=rows(list(page)),
            pagination=pagination,
            collection=collection_of(_freed_bytes(operation, access)) if is_deleted else None,
            stop_url=reverse("operation-stop", args=[operation.pk]) if can_stop else "",
            undo_url=reverse("operation-undo", args=[operation.pk]) if can_undo else "",
            restores=_link(operation.restores) if operation.restores else None,
            restored_by=tuple(_link(each) for each in operation.restored_by.order_by("pk")[:10]),
        )


def _freed_bytes(operation: Operation, access: Access) -> int | None:
    """Return what it frees; None where that was counted over repositories one may not see."""
    is_own = access.is_signed_in and operation.actor.get("id") == access.user_id
    sees_all = access.sees_all_of(operation.registry.slug)
    return operation.freed_bytes if is_own or sees_all else None


def _takes_away(operation: Operation) -> bool:
    """Say whether there may be something to put back: a copy can have moved a tag."""
    steps = Step.objects.filter(operation=operation)
    if operation.kind == Operation.Kind.COPY:
        return steps.exclude(replaces="").exists()
    return operation.kind == Operation.Kind.DELETE and steps.filter(state__in=_TAKEN).exists()


def _link(operation: Operation) -> Link:
    return Link(_("operation %(number)s") % {"number": operation.pk}, operation.get_absolute_url())


def _crumbs(operation: Operation, access: Access) -> tuple[Link, ...]:
    place = [operation.registry.slug, operation.repository]
    here = Link(operation.repository, reverse("tag-list", args=place))
    registry = Link(str(operation.registry), operation.registry.get_absolute_url())
    if not reads_operations(access):
        return (registry, here)
    return (registry, here, Link(_("operations"), reverse("repository-operations", args=place)))
