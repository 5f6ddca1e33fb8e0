"""The page of what was done: in one repository, or everywhere."""

from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse

from registryui.accounts.access import Access
from registryui.activity.models import ActivityDay, Event, EventQuerySet
from registryui.activity.pages.rows import EventRow, rows_of
from registryui.activity.pages.sparkline import Sparkline, sparklines
from registryui.catalog.models import Registry, Repository
from registryui.catalog.pages.parts import Link, repository_crumbs
from registryui.catalog.visibility import visible
from registryui.web.pagination import address
from registryui.web.query import text_in


@dataclass(frozen=True, slots=True)
class ActivityChoice:
    """One value of a filter."""

    value: str = field(metadata={"help": "As it is in the address."})
    text: str = field(metadata={"help": "What is read."})
    is_chosen: bool = field(metadata={"help": "Whether the list is narrowed to it."})


@dataclass(frozen=True, slots=True)
class ActivityPage:
    """Who pushed, pulled and deleted what, the newest first."""

    url: str = field(metadata={"help": "Address of this list without filters."})
    name: str = field(metadata={"help": "The repository's full name; empty on the page of all."})
    crumbs: tuple[Link, ...] = field(metadata={"help": "The way up."})
    action: str = field(metadata={"help": "The action it is narrowed to."})
    actor: str = field(metadata={"help": "The person it is narrowed to."})
    repository: str = field(metadata={"help": "The repository it is narrowed to."})
    registry: str = field(metadata={"help": "The registry it is narrowed to."})
    actions: tuple[ActivityChoice, ...] = field(metadata={"help": "The actions to narrow to."})
    registries: tuple[ActivityChoice, ...] = field(
        metadata={"help": "The registries to narrow to."}
    )
    kept_days: int = field(metadata={"help": "How long events are kept."})
    sparklines: tuple[Sparkline, ...] = field(
        metadata={"help": "Pushes and pulls by day; none when narrowed to a person or an action."}
    )
    events: tuple[EventRow, ...] = field(metadata={"help": "The rows of this page."})
    newest_url: str = field(metadata={"help": "Address of the first page; empty on it."})
    older_url: str = field(metadata={"help": "Address of the next page; empty on the last."})
    setup: tuple[Link, ...] = field(metadata={"help": "Where to read how registries notify us."})

    @classmethod
    def build(
        cls,
        query: QueryDict,
        access: Access,
        *,
        now: datetime,
        repository: Repository | None = None,
    ) -> "ActivityPage":
        """Read the page: the same few queries however much has happened."""
        path = _path(repository)
        filters = EventFilters.parse(query, repository)
        events = list(
            filters.apply(Event.objects.visible_to(access), before=query.get("before", ""))
            .select_related("registry")
            .order_by("-pk")[: settings.PAGE_SIZE + 1]
        )
        shown = events[: settings.PAGE_SIZE]
        has_more = len(events) > len(shown)
        registries = list(Registry.objects.declared().visible_to(access))
        return cls(
            url=path,
            name=repository.name if repository else "",
            crumbs=_crumbs(repository) if repository else (),
            action=filters.action.lower(),
            actor=filters.actor,
            repository=filters.repository,
            registry=filters.registry,
            actions=tuple(
                ActivityChoice(value.lower(), str(text), value == filters.action)
                for value, text in Event.Action.choices
            ),
            registries=tuple(
                ActivityChoice(row.slug, str(row), row.slug == filters.registry)
                for row in registries
            ),
            kept_days=settings.ACTIVITY_DAYS,
            sparklines=filters.sparklines(access, now=now),
            events=rows_of(shown),
            newest_url=address(query, path=path, before="") if query.get("before") else "",
            older_url=address(query, path=path, before=str(shown[-1].pk)) if has_more else "",
            setup=tuple(
                _setup(row)
                for row in registries
                if access.sees_all_of(row.slug)
                and (repository is None or row.pk == repository.registry_id)
            ),
        )


@dataclass(frozen=True, slots=True)
class EventFilters:
    """Which events are asked for."""

    action: str
    actor: str
    repository: str
    registry: str

    @classmethod
    def parse(cls, query: QueryDict, repository: Repository | None) -> "EventFilters":
        """Read the address; what makes no sense there counts as not said."""
        action = text_in(query, "action", most=10).upper()
        return cls(
            action=action if action in Event.Action.values else "",
            actor=text_in(query, "actor", most=200),
            repository=repository.name if repository else text_in(query, "repository", most=255),
            registry=repository.registry.slug
            if repository
            else text_in(query, "registry", most=50),
        )

    def apply(self, events: EventQuerySet, *, before: str) -> EventQuerySet:
        """Return the events asked for, older than the one with this row id."""
        found = events.in_declared_registries().filter(self._scope())
        if self.action:
            found = found.filter(action=self.action)
        if self.actor:
            found = found.filter(actor=self.actor)
        if before.isascii() and before.isdigit() and len(before) < 19:
            found = found.filter(pk__lt=int(before))
        return found

    def sparklines(self, access: Access, *, now: datetime) -> tuple[Sparkline, ...]:
        """Return what can be drawn from the daily sums, which know neither people nor actions."""
        if self.action or self.actor:
            return ()
        days = ActivityDay.objects.filter(registry__is_declared=True).filter(self._scope())
        if access.sees_everything and not self.repository:
            return sparklines(days.filter(repository=""), now=now)
        of_repositories = days.exclude(repository="").filter(visible(access, name="repository"))
        return sparklines(of_repositories, now=now)

    def _scope(self) -> Q:
        scope = Q(repository=self.repository) if self.repository else Q()
        return scope & Q(registry__slug=self.registry) if self.registry else scope


def _path(repository: Repository | None) -> str:
    if repository is None:
        return reverse("activity")
    return reverse("repository-activity", args=[repository.registry.slug, repository.name])


def _crumbs(repository: Repository) -> tuple[Link, ...]:
    name = repository.name.rpartition("/")[2]
    return (*repository_crumbs(repository), Link(name, repository.get_absolute_url()))


def _setup(registry: Registry) -> Link:
    return Link(str(registry), reverse("notifications", args=[registry.slug]))
