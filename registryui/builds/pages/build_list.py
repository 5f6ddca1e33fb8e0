"""The page of a repository's builds."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse

from registryui.accounts.access import Access
from registryui.builds.doors import Place, may_switch_badge
from registryui.builds.models import Build, BuildQuerySet
from registryui.builds.pages.rows import BuildRow, rows_of
from registryui.catalog.pages.parts import Link, rows_of_page
from registryui.web.pagination import Pagination, paginate
from registryui.web.query import text_in

# So many branches are offered to choose from; another one can be in the address.
BRANCHES = 100


@dataclass(frozen=True, slots=True)
class BuildChoice:
    """One value of a filter."""

    value: str = field(metadata={"help": "As it is in the address."})
    text: str = field(metadata={"help": "What is read."})
    is_chosen: bool = field(metadata={"help": "Whether the list is narrowed to it."})


@dataclass(frozen=True, slots=True)
class BuildListPage:
    """The builds of one repository, the newest first."""

    registry: str = field(metadata={"help": "The registry's name in addresses."})
    repository: str = field(metadata={"help": "The repository's full name."})
    base_name: str = field(metadata={"help": "The last part of the name."})
    crumbs: tuple[Link, ...] = field(metadata={"help": "The way up."})
    url: str = field(metadata={"help": "Address of this list without filters."})
    badge_url: str = field(
        metadata={"help": "Address of the badge for readme files; empty for who may not give it."}
    )
    is_indexed: bool = field(metadata={"help": "Whether the index knows the repository yet."})
    state: str = field(metadata={"help": "The state it is narrowed to."})
    branch: str = field(metadata={"help": "The branch it is narrowed to."})
    states: tuple[BuildChoice, ...] = field(metadata={"help": "The states to narrow to."})
    branches: tuple[BuildChoice, ...] = field(metadata={"help": "The branches to narrow to."})
    report_command: str = field(metadata={"help": "How to report a build."})
    pagination: Pagination = field(metadata={"help": "Where in the list this page stands."})
    builds: tuple[BuildRow, ...] = field(metadata={"help": "The rows of this page."})

    @classmethod
    def build(cls, place: Place, query: QueryDict, *, access: Access, site: str) -> "BuildListPage":
        """Read the page: the same few queries however many builds there are."""
        path = place.url("build-list")
        here = Build.objects.of(place.registry.pk, place.name).leading()
        state, branch = _state(query), text_in(query, "branch", most=255)
        found = _narrowed(here, state, branch)
        pagination = paginate(query, path=path, total=found.count(), size=settings.PAGE_SIZE)
        leaders = list(rows_of_page(found, "-happened_at", "-pk", pagination=pagination))
        manages = may_switch_badge(access, place.registry.slug, place.name)
        return cls(
            registry=place.registry.slug,
            repository=place.name,
            base_name=place.base_name,
            crumbs=place.crumbs,
            url=path,
            badge_url=place.url("build-badge") if manages else "",
            is_indexed=place.repository is not None,
            state=state.lower(),
            branch=branch,
            states=tuple(
                BuildChoice(value.lower(), str(text), value == state)
                for value, text in Build.State.choices
            ),
            branches=_branches(here, branch),
            report_command=report_command(place, site),
            pagination=pagination,
            builds=rows_of(place, leaders),
        )


def report_command(place: Place, site: str) -> str:
    """Return a command that reports a build; the secret is the environment's."""
    address = site + reverse("build-api")
    return (
        "curl " + address + " \\\n"
        '  -H "Authorization: Bearer $REGISTRYUI_TOKEN" \\\n'
        f'  -d \'{{"registry": "{place.registry.slug}", "repository": "{place.name}", '
        '"id": "1", "state": "succeeded"}\''
    )


def _state(query: QueryDict) -> str:
    state = text_in(query, "state", most=10).upper()
    return state if state in Build.State.values else ""


def _narrowed(builds: BuildQuerySet, state: str, branch: str) -> BuildQuerySet:
    if state:
        builds = builds.filter(state=state)
    return builds.filter(branch=branch) if branch else builds


def _branches(builds: BuildQuerySet, chosen: str) -> tuple[BuildChoice, ...]:
    names: Iterable[str] = (
        builds.exclude(branch="").order_by("branch").values_list("branch", flat=True).distinct()
    )[:BRANCHES]
    offered = sorted({*names, *([chosen] if chosen else [])})
    return tuple(BuildChoice(name, name, name == chosen) for name in offered)
