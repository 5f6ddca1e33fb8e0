"""Operations as a list: of one repository or of all, the newest first."""

from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db.models import Count
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from registryui.accounts.access import Access
from registryui.catalog.models import Repository
from registryui.catalog.pages.manifest_detail import full_crumbs
from registryui.catalog.pages.parts import Link
from registryui.deletion.models import Operation, Step
from registryui.deletion.models.operation import OperationQuerySet
from registryui.deletion.pages.outcome import Outcome
from registryui.web.pagination import Pagination, paginate
from registryui.web.query import text_in
from registryui.web.sentences import in_own_language

STATES = (
    ("open", gettext_noop("under way")),
    ("well", gettext_noop("done")),
    ("not-well", gettext_noop("not done, or partly")),
)
_NOT_WELL = ("CHANGED", "REFUSED", "FAILED", "UNKNOWN", "STOPPED")


@dataclass(frozen=True, slots=True)
class OperationChoice:
    """One value of a filter."""

    value: str = field(metadata={"help": "As it is in the address."})
    text: str = field(metadata={"help": "What is read."})
    is_chosen: bool = field(metadata={"help": "Whether the list is narrowed to it."})


@dataclass(frozen=True, slots=True)
class OperationRow:
    """One operation."""

    number: int = field(metadata={"help": "Its number."})
    url: str = field(metadata={"help": "Address of its page."})
    kind: str = field(metadata={"help": "DELETE, RESTORE or COPY."})
    kind_words: str = field(metadata={"help": "The same in words."})
    repository: str = field(metadata={"help": "Where, by the repository's full name."})
    repository_url: str = field(metadata={"help": "Address of the repository."})
    actor: str = field(metadata={"help": "Who confirmed it."})
    reason: str = field(metadata={"help": "The rule it was done for; empty for a person's wish."})
    created_at: datetime = field(metadata={"help": "When it was confirmed."})
    finished_at: datetime | None = field(metadata={"help": "When it ended; null before."})
    outcome: Outcome = field(metadata={"help": "How it stands."})


@dataclass(frozen=True, slots=True)
class OperationListPage:
    """Deletions, restores and copies, the newest first."""

    url: str = field(metadata={"help": "Address of this list without filters."})
    crumbs: tuple[Link, ...] = field(metadata={"help": "The way up; empty for all repositories."})
    repository: str = field(metadata={"help": "The repository; empty for all."})
    kinds: tuple[OperationChoice, ...] = field(metadata={"help": "The kinds to narrow to."})
    states: tuple[OperationChoice, ...] = field(metadata={"help": "The states to narrow to."})
    who: str = field(metadata={"help": "The person it is narrowed to."})
    is_narrowed: bool = field(metadata={"help": "Whether the address narrows it."})
    is_live: bool = field(metadata={"help": "Whether any of those shown goes on."})
    operations: tuple[OperationRow, ...] = field(metadata={"help": "The rows of this page."})
    pagination: Pagination = field(metadata={"help": "Where in the list this page stands."})

    @classmethod
    def build(
        cls, query: QueryDict, *, access: Access, repository: Repository | None = None
    ) -> "OperationListPage":
        """Read the page: the same number of queries however many operations there are."""
        found = Operation.objects.visible_to(access).filter(registry__is_declared=True)
        url = reverse("operation-list")
        crumbs: tuple[Link, ...] = ()
        if repository is not None:
            found = found.filter(registry=repository.registry, repository=repository.name)
            place = [repository.registry.slug, repository.name]
            url, crumbs = reverse("repository-operations", args=place), full_crumbs(repository)
        kind, state, who = (text_in(query, name, most=200) for name in ("kind", "state", "who"))
        kind = kind if kind.upper() in Operation.Kind.values else ""
        found = _narrowed(found, kind.upper(), state, who)
        pagination = paginate(query, path=url, total=found.count(), size=settings.PAGE_SIZE)
        rows = found.select_related("registry").order_by("-pk")
        operations = _rows(list(rows[pagination.offset : pagination.last]))
        return cls(
            url=url,
            crumbs=crumbs,
            repository=repository.name if repository else "",
            kinds=tuple(
                OperationChoice(value.lower(), str(text), value.lower() == kind)
                for value, text in Operation.Kind.choices
            ),
            states=tuple(
                OperationChoice(value, gettext(text), value == state) for value, text in STATES
            ),
            who=who,
            is_narrowed=bool(kind or state or who),
            is_live=any(each.outcome.is_live for each in operations),
            operations=operations,
            pagination=pagination,
        )


def _narrowed(found: OperationQuerySet, kind: str, state: str, who: str) -> OperationQuerySet:
    if kind:
        found = found.filter(kind=kind)
    if who:
        found = found.filter(actor_name=who)
    if state == "open":
        return found.unfinished()
    if state in ("well", "not-well"):
        failed = Step.objects.filter(state__in=_NOT_WELL).values("operation")
        ended = found.exclude(finished_at=None)
        return ended.filter(pk__in=failed) if state == "not-well" else ended.exclude(pk__in=failed)
    return found


def _rows(operations: list[Operation]) -> tuple[OperationRow, ...]:
    counted = Step.objects.filter(operation__in=operations).values_list("operation", "state")
    counts: dict[int, dict[str, int]] = {each.pk: {} for each in operations}
    for operation, state, count in counted.annotate(count=Count("pk")):
        counts[operation][state] = count
    return tuple(
        OperationRow(
            number=each.pk,
            url=each.get_absolute_url(),
            kind=each.kind,
            kind_words=str(each.get_kind_display()),
            repository=each.repository,
            repository_url=reverse("tag-list", args=[each.registry.slug, each.repository]),
            actor=each.actor_name,
            reason=in_own_language(each.reason),
            created_at=each.created_at,
            finished_at=each.finished_at,
            outcome=Outcome.build(each, counts[each.pk]),
        )
        for each in operations
    )
