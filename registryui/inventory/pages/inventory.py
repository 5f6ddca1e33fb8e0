"""The page of every tag that one may see, with what was found."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from registryui.accounts.access import Access
from registryui.catalog.freshness import Freshness, of_registry
from registryui.catalog.models import Registry, Repository
from registryui.catalog.pages.extent import extents_of
from registryui.catalog.pages.parts import Heading, Sort, rows_of_page
from registryui.inventory.counts import PLATFORM, REPOSITORIES
from registryui.inventory.filters import AGES, UNDATED_WORD, Found, InventoryFilters, kept_sums
from registryui.inventory.findings import MEANINGS
from registryui.inventory.models import InventoryRowQuerySet
from registryui.inventory.pages.rows import InventoryEntry, entries_of, with_all_that_is_shown
from registryui.web.pagination import Pagination, address, paginate

COLUMNS = {
    "name": ("repository_name", "tag_name", "registry"),
    "size": ("compressed_bytes", "pk"),
    "created": ("created_at", "pk"),
    "first-seen": ("first_seen_at", "pk"),
}
MOST_PLATFORMS = 12
# Where one sees only a part, the platforms of so many rows are offered.
PLATFORM_ROWS = 1000


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a filter."""

    value: str = field(metadata={"help": "As it is in the address."})
    text: str = field(metadata={"help": "What is read."})
    is_chosen: bool = field(metadata={"help": "Whether the list is narrowed to it."})


@dataclass(frozen=True, slots=True)
class FindingFacet:
    """A finding to narrow the list to, with how many tags have it."""

    key: str = field(metadata={"help": "Its name in addresses."})
    words: str = field(metadata={"help": "What was found."})
    tone: str = field(metadata={"help": "danger, warn or note."})
    count: int = field(metadata={"help": "How many of the tags found have it."})
    is_at_least: bool = field(metadata={"help": "Whether there are more than that."})
    url: str = field(metadata={"help": "Address of the narrowed list, or of the wider if chosen."})
    is_chosen: bool = field(metadata={"help": "Whether the list is narrowed to it."})


@dataclass(frozen=True, slots=True)
class AsOf:
    """How old what the inventory says of a registry is."""

    registry: str = field(metadata={"help": "What people call the registry."})
    url: str = field(metadata={"help": "Address of its repositories."})
    freshness: Freshness = field(metadata={"help": "When it was last read, and how that went."})


@dataclass(frozen=True, slots=True)
class InventoryPage:
    """Every tag of every registry that one may see, and what may be wrong with it."""

    url: str = field(metadata={"help": "Address of this list without filters."})
    summary_url: str = field(metadata={"help": "Address of the sums and of what findings mean."})
    csv_url: str = field(metadata={"help": "Address of all rows found as CSV."})
    lines_url: str = field(metadata={"help": "Address of all rows found as JSON Lines."})
    as_of: tuple[AsOf, ...] = field(metadata={"help": "How old this is, for each registry."})
    made_at: datetime = field(metadata={"help": "When this page was made."})
    pending_count: int = field(
        metadata={"help": "Repositories that were read but are not in the inventory yet."}
    )
    registry: str = field(metadata={"help": "The registry it is narrowed to."})
    repository: str = field(metadata={"help": "The pattern that repositories must match."})
    platform: str = field(metadata={"help": "The platform that images must have."})
    filter: str = field(metadata={"help": "The text in the repository's or the tag's name."})
    age: str = field(metadata={"help": "Built more than so many days ago, or undated."})
    finding: str = field(metadata={"help": "The findings that tags must have, with commas."})
    registries: tuple[Option, ...] = field(metadata={"help": "The registries to narrow to."})
    platforms: tuple[Option, ...] = field(metadata={"help": "The platforms to narrow to."})
    ages: tuple[Option, ...] = field(metadata={"help": "The ages to narrow to."})
    findings: tuple[FindingFacet, ...] = field(metadata={"help": "The findings to narrow to."})
    is_narrowed: bool = field(metadata={"help": "Whether the list is narrowed to anything."})
    is_capped: bool = field(metadata={"help": "Whether there are more rows than the total."})
    sort: str = field(metadata={"help": "The order: a column, with - for descending."})
    headings: dict[str, Heading] = field(metadata={"help": "The columns, by which to sort."})
    pagination: Pagination = field(metadata={"help": "Where in the list this page stands."})
    rows: tuple[InventoryEntry, ...] = field(metadata={"help": "The rows of this page."})

    @classmethod
    def build(cls, query: QueryDict, access: Access, *, now: datetime) -> "InventoryPage":
        """Read the page: the same number of queries whatever the size."""
        path = reverse("inventory")
        filters = InventoryFilters.parse(query)
        registries = list(Registry.objects.declared().visible_to(access))
        chosen = filters.among(registries)
        sort = Sort.parse(query.get("sort", ""), COLUMNS, default="name")
        sums = kept_sums(access, chosen)
        found = filters.count(access, registries, sums, now=now)
        rows = filters.apply(access, registries, now=now)
        pagination = paginate(query, path=path, total=found.total, size=settings.PAGE_SIZE)
        extents = extents_of(chosen, access)
        export = reverse("inventory-export")
        return cls(
            url=path,
            summary_url=reverse("inventory-summary"),
            csv_url=address(query, path=export, **{"as": "csv"}),
            lines_url=address(query, path=export, **{"as": "jsonl"}),
            as_of=tuple(
                AsOf(
                    str(row),
                    row.get_absolute_url(),
                    of_registry(row, now=now, failed_count=extents[row.pk].failed_count),
                )
                for row in chosen
            ),
            made_at=now,
            pending_count=_pending(chosen, access, sums),
            registry=filters.registry,
            repository=filters.repository,
            platform=filters.platform,
            filter=filters.text,
            age=filters.age,
            finding=",".join(filters.keys),
            registries=tuple(
                Option(row.slug, str(row), row.slug == filters.registry) for row in registries
            ),
            platforms=_platforms(filters, sums, filters.of_all(access, registries)),
            ages=tuple(Option(age, _age_words(age), age == filters.age) for age in AGES),
            findings=_facets(filters, found, query, path),
            is_narrowed=bool(filters.is_narrowed or filters.keys or filters.registry),
            is_capped=found.is_total_capped,
            sort=query.get("sort", ""),
            headings=_headings(sort, query, path),
            pagination=pagination,
            rows=_rows(rows, sort, pagination),
        )


def _rows(
    found: InventoryRowQuerySet, sort: Sort, pagination: Pagination
) -> tuple[InventoryEntry, ...]:
    minus = "-" if sort.is_descending else ""
    order = [f"{minus}{column}" for column in COLUMNS[sort.column]]
    page = rows_of_page(found, *order, pagination=pagination)
    return tuple(entries_of(with_all_that_is_shown(page)))


def _pending(registries: Sequence[Registry], access: Access, sums: Counter[str] | None) -> int:
    """Count the repositories of which no stock was taken yet."""
    if sums is not None:
        read = sum(row.repository_count for row in registries)
        return max(0, read - sums[REPOSITORIES])
    rows = Repository.objects.holding_images().visible_to(access)
    return rows.filter(registry__in=registries, inventory=None).count()


def _platforms(
    filters: InventoryFilters, sums: Counter[str] | None, rows: InventoryRowQuerySet
) -> tuple[Option, ...]:
    """Return the most frequent platforms, and the chosen one."""
    counts: Counter[str] = Counter()
    if sums is not None:
        for what, count in sums.items():
            if what.startswith(PLATFORM) and count > 0:
                counts[what.removeprefix(PLATFORM)] = count
    else:
        for text in rows.values_list("platforms", flat=True)[:PLATFORM_ROWS]:
            counts.update(text.split())
    names = sorted(counts, key=lambda name: (-counts[name], name))[:MOST_PLATFORMS]
    if filters.platform and filters.platform not in names:
        names.append(filters.platform)
    return tuple(Option(name, name, name == filters.platform) for name in names)


def _facets(
    filters: InventoryFilters, found: Found, query: QueryDict, path: str
) -> tuple[FindingFacet, ...]:
    facets = []
    for each in MEANINGS:
        is_chosen = each.key in filters.keys
        keys = [key for key in filters.keys if key != each.key]
        if not is_chosen:
            keys.append(each.key)
        url = address(query, path=path, finding=",".join(keys))
        count, is_at_least = found.by_finding[each.key], found.is_capped
        if is_chosen:  # all that were found have it
            count, is_at_least = found.total, found.is_total_capped
        if count or is_chosen:
            facets.append(
                FindingFacet(each.key, _(each.words), each.tone, count, is_at_least, url, is_chosen)
            )
    return tuple(facets)


def _headings(sort: Sort, query: QueryDict, path: str) -> dict[str, Heading]:
    columns = {
        "name": (_("Repository and tag"), "name"),
        "size": (_("Size"), "-size"),
        "created": (_("Created"), "created"),
        "first_seen": (_("First seen"), "-first-seen"),
    }
    return {
        name: sort.heading(text, name.replace("_", "-"), first=first, query=query, path=path)
        for name, (text, first) in columns.items()
    }


def _age_words(age: str) -> str:
    if age == UNDATED_WORD:
        return _("No build date")
    if age == "365":
        return _("Built over a year ago")
    return _("Built over %(days)s days ago") % {"days": age}
