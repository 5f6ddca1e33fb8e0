"""What is watched in a registry, and what came of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db.models import Count
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from registryui.accounts.pages.form import Form
from registryui.accounts.pattern import ANY, condition
from registryui.catalog.models import Registry, Repository
from registryui.catalog.models.repository import RepositoryQuerySet
from registryui.catalog.pages.listed_by import listed_by
from registryui.catalog.pages.parts import Link, registry_crumb
from registryui.sources import VENDORS
from registryui.sync import watching
from registryui.sync.forms import WatchForm
from registryui.sync.models import WatchedName
from registryui.web.pagination import Pagination, paginate

PUSHED_SHOWN = 20


@dataclass(frozen=True, slots=True)
class WatchedRow:
    """A name that is watched, or a pattern."""

    text: str = field(metadata={"help": "The name, or the pattern with * for any text."})
    is_pattern: bool = field(metadata={"help": "Whether it is a pattern."})
    state: str = field(metadata={"help": "WAITING, READ, MISSING or FAILED; empty for a pattern."})
    url: str = field(metadata={"help": "Address of its tags; empty if it has none."})
    tag_count: int = field(metadata={"help": "Its tags."})
    refreshed_at: datetime | None = field(metadata={"help": "When its tags were last read."})
    error: str = field(metadata={"help": "Why it could not be read; empty if it could."})
    repository_count: int = field(metadata={"help": "Repositories that fit the pattern."})
    is_declared: bool = field(metadata={"help": "Whether the settings name it."})
    added_by: str = field(metadata={"help": "Who typed it; empty if the settings name it."})
    added_at: datetime | None = field(metadata={"help": "When; null if the settings name it."})
    delete_url: str = field(metadata={"help": "Where to end it, by POST; empty if one may not."})


@dataclass(frozen=True, slots=True)
class WatchedListPage:
    """The names and patterns that are watched in a registry."""

    registry: str = field(metadata={"help": "What people call the registry."})
    crumbs: tuple[Link, ...] = field(metadata={"help": "The way up."})
    url: str = field(metadata={"help": "Address of this page."})
    listed_by: str = field(metadata={"help": "Where its list comes from, in words; may be empty."})
    source: str = field(
        metadata={
            "help": "CATALOG, VENDOR or NONE: who lists its repositories, as far as is known."
        }
    )
    is_live: bool = field(
        metadata={"help": "Whether names wait for their first visit, so that looking again helps."}
    )
    names: tuple[WatchedRow, ...] = field(metadata={"help": "The rows of this page."})
    pagination: Pagination = field(metadata={"help": "Where in the list this page stands."})
    pushed_count: int = field(
        metadata={"help": "Repositories that are known by notifications alone."}
    )
    pushed: tuple[Link, ...] = field(metadata={"help": f"The first {PUSHED_SHOWN} of them."})
    notifications_url: str = field(metadata={"help": "Address of how to have it notify us."})
    form: Form | None = field(metadata={"help": "To watch more; null if one may not."})

    @classmethod
    def build(
        cls, registry: Registry, query: QueryDict, form: WatchForm | None
    ) -> "WatchedListPage":
        """Read the page, with the same few queries however much is watched."""
        path = reverse("watched-list", args=[registry.slug])
        typed = {row.text: row for row in WatchedName.objects.filter(registry=registry)}
        texts = sorted({*typed, *watching.declared_texts(registry)})
        pagination = paginate(query, path=path, total=len(texts), size=settings.PAGE_SIZE)
        shown = texts[pagination.offset : pagination.last]
        names = tuple(_rows(registry, shown, typed, may_change=form is not None))
        pushed = _pushed(registry)
        return cls(
            registry=str(registry),
            crumbs=(registry_crumb(registry),),
            url=path,
            listed_by=listed_by(registry),
            source=_source(registry),
            is_live=any(row.state == "WAITING" for row in names),
            names=names,
            pagination=pagination,
            pushed_count=pushed.count(),
            pushed=tuple(
                Link(name, reverse("tag-list", args=[registry.slug, name]))
                for name in pushed.order_by("name").values_list("name", flat=True)[:PUSHED_SHOWN]
            ),
            notifications_url=reverse("notifications", args=[registry.slug]),
            form=Form.build(form, url=path, button=_("Watch")) if form else None,
        )


def _source(registry: Registry) -> str:
    if registry.list_source in VENDORS:
        return "VENDOR"
    return "CATALOG" if watching.lists_itself(registry) else "NONE"


def _pushed(registry: Registry) -> RepositoryQuerySet:
    rows = Repository.objects.in_registry(registry).exclude(state=Repository.State.GONE)
    return rows.filter(found_by=Repository.FoundBy.NOTIFICATION)


def _rows(
    registry: Registry, texts: Sequence[str], typed: dict[str, WatchedName], *, may_change: bool
) -> Iterable[WatchedRow]:
    repositories = Repository.objects.in_registry(registry)
    known = {row.name: row for row in repositories.filter(name__in=texts)}
    counts = _counts(registry, [text for text in texts if ANY in text])
    for text in texts:
        row, repository = typed.get(text), known.get(text)
        yield WatchedRow(
            text=text,
            is_pattern=ANY in text,
            state="" if ANY in text else _state(repository),
            url=reverse("tag-list", args=[registry.slug, text]) if _is_there(repository) else "",
            tag_count=repository.tag_count if repository else 0,
            refreshed_at=repository.refreshed_at if repository else None,
            error=repository.last_error if repository else "",
            repository_count=counts.get(text, 0),
            is_declared=row is None,
            added_by=row.added_by if row else "",
            added_at=row.added_at if row else None,
            delete_url=reverse("watched-delete", args=[registry.slug, row.pk])
            if row and may_change
            else "",
        )


def _counts(registry: Registry, patterns: Sequence[str]) -> dict[str, int]:
    """Count what fits each pattern, all in one query."""
    holding = Repository.objects.in_registry(registry).holding_images()
    fitting = {
        f"pattern_{place}": Count("pk", filter=condition(pattern, "name"))
        for place, pattern in enumerate(patterns)
    }
    found = holding.aggregate(**fitting) if fitting else {}
    return {pattern: found[f"pattern_{place}"] for place, pattern in enumerate(patterns)}


def _state(repository: Repository | None) -> str:
    if repository is None or repository.state == Repository.State.GONE:
        return "WAITING"
    if repository.last_error:
        return "FAILED"
    if repository.refreshed_at is None:
        return "WAITING"
    return "READ" if repository.state == Repository.State.ACTIVE else "MISSING"


def _is_there(repository: Repository | None) -> bool:
    return repository is not None and repository.state == Repository.State.ACTIVE
