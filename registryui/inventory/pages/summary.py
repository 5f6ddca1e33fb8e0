"""The page of sums: how many tags have each finding, by namespace; and what findings mean."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext

from registryui.accounts.access import Access
from registryui.catalog.models import Registry
from registryui.inventory.counts import EVERYTHING, TAGS, count_by_finding, key_of
from registryui.inventory.findings import BY_KEY, MEANINGS, meaning_of
from registryui.inventory.models import InventoryCount, InventoryRow
from registryui.web.pagination import address

MOST_NAMESPACES = 100
Place = tuple[int, str]


@dataclass(frozen=True, slots=True)
class MeaningWords:
    """A finding, what it means and what to do."""

    key: str = field(metadata={"help": "Its name in addresses and exports."})
    words: str = field(metadata={"help": "What was found."})
    tone: str = field(metadata={"help": "danger, warn or note."})
    meaning: str = field(metadata={"help": "What exactly it says, and what it does not."})
    remedy: str = field(metadata={"help": "What to do about it."})
    url: str = field(metadata={"help": "Address of the tags that have it."})


@dataclass(frozen=True, slots=True)
class Tally:
    """How many tags of a namespace have a finding."""

    key: str = field(metadata={"help": "The finding."})
    count: int = field(metadata={"help": "How many tags have it."})
    url: str = field(metadata={"help": "Address of these tags."})


@dataclass(frozen=True, slots=True)
class NamespaceRow:
    """The sums of one namespace."""

    registry: str = field(metadata={"help": "What people call the registry."})
    slug: str = field(metadata={"help": "The registry's name in addresses."})
    namespace: str = field(
        metadata={"help": "The first part of the names; empty if they have one."}
    )
    url: str = field(metadata={"help": "Address of all its tags."})
    tag_count: int = field(metadata={"help": "How many tags it has."})
    tallies: tuple[Tally, ...] = field(metadata={"help": "How many have which finding."})


@dataclass(frozen=True, slots=True)
class InventorySummaryPage:
    """How many tags have each finding, by registry and namespace."""

    url: str = field(metadata={"help": "Address of this page."})
    inventory_url: str = field(metadata={"help": "Address of the inventory."})
    made_at: datetime = field(metadata={"help": "When this page was made."})
    has_several_registries: bool = field(metadata={"help": "Whether one sees several."})
    most: int = field(metadata={"help": "How many namespaces are shown at most."})
    namespaces: tuple[NamespaceRow, ...] = field(metadata={"help": "The largest namespaces."})
    meanings: tuple[MeaningWords, ...] = field(metadata={"help": "What the findings mean."})

    @classmethod
    def build(cls, access: Access, *, now: datetime) -> "InventorySummaryPage":
        """Read the sums; where one sees a part of a registry only, count that part."""
        registries = {row.pk: row for row in Registry.objects.declared().visible_to(access)}
        whole = [pk for pk, row in registries.items() if access.sees_all_of(row.slug)]
        partly = [pk for pk in registries if pk not in whole]
        counts = _kept(whole) | (_counted(partly, access) if partly else {})
        largest = sorted(counts, key=lambda place: (-counts[place][TAGS], place))
        path = reverse("inventory")
        return cls(
            url=reverse("inventory-summary"),
            inventory_url=path,
            made_at=now,
            has_several_registries=len(registries) > 1,
            most=MOST_NAMESPACES,
            namespaces=tuple(
                _row(registries[place[0]], place[1], counts[place], path)
                for place in largest[:MOST_NAMESPACES]
            ),
            meanings=tuple(
                MeaningWords(
                    each.key,
                    gettext(each.words),
                    each.tone,
                    meaning_of(each),
                    gettext(each.remedy),
                    f"{path}?finding={each.key}",
                )
                for each in MEANINGS
            ),
        )


def _kept(registries: Sequence[int]) -> dict[Place, Counter[str]]:
    rows = InventoryCount.objects.filter(registry__in=registries).exclude(namespace=EVERYTHING)
    largest = rows.filter(what=TAGS, count__gt=0).order_by("-count", "registry", "namespace")
    places = list(largest.values_list("registry", "namespace")[:MOST_NAMESPACES])
    counts: dict[Place, Counter[str]] = {place: Counter() for place in places}
    wanted = rows.filter(
        namespace__in={namespace for _, namespace in places},
        what__in=[TAGS, *(key_of(finding) for finding in BY_KEY.values())],
    )
    for registry, namespace, what, count in wanted.values_list(
        "registry", "namespace", "what", "count"
    ):
        if (registry, namespace) in counts:
            counts[registry, namespace][what] = count
    return counts


def _counted(registries: Sequence[int], access: Access) -> dict[Place, Counter[str]]:
    rows = InventoryRow.objects.visible_to(access).filter(registry__in=registries)
    grouped = rows.values_list("registry", "repository__namespace", "findings")
    combinations: dict[Place, Counter[int]] = {}
    for registry, namespace, findings, number in grouped.annotate(Count("pk")):
        combinations.setdefault((registry, namespace), Counter())[findings] += number
    return {
        place: Counter(
            {
                TAGS: numbers.total(),
                **{key_of(BY_KEY[key]): n for key, n in count_by_finding(numbers).items()},
            }
        )
        for place, numbers in combinations.items()
    }


def _row(registry: Registry, namespace: str, counts: Counter[str], path: str) -> NamespaceRow:
    # No pattern says "names without a slash", so those have no list of their own.
    pattern = f"{namespace}/*" if namespace else ""
    query = QueryDict()
    url = address(query, path=path, registry=registry.slug, repository=pattern)
    return NamespaceRow(
        registry=str(registry),
        slug=registry.slug,
        namespace=namespace,
        url=url if namespace else "",
        tag_count=counts[TAGS],
        tallies=tuple(
            Tally(
                each.key,
                counts[key_of(each.finding)],
                address(
                    query, path=path, registry=registry.slug, repository=pattern, finding=each.key
                )
                if namespace
                else "",
            )
            for each in MEANINGS
        ),
    )
