"""Sums over the inventory: kept by namespace while stock is taken, or counted when asked."""

from collections import Counter
from collections.abc import Iterable, Mapping

from django.conf import settings
from django.db.models import F, Sum

from registryui.catalog.models import Repository
from registryui.inventory.findings import BY_KEY, Finding, meanings_in
from registryui.inventory.models import InventoryCount, InventoryRow
from registryui.inventory.reading import FACTS_VERSION

TAGS, REPOSITORIES = "tags", "repositories"
EVERYTHING = "*"  # as a namespace; no repository can be called so
PLATFORM, FINDING = "platform ", "finding "
# Variables in one statement: SQLite of old takes 999.
BATCH = 900


def rules() -> str:
    """Return what findings depend on beside the index; stock is taken anew when it changes."""
    return f"{FACTS_VERSION} {settings.OLD_IMAGE_DAYS} {settings.UNPULLED_DAYS}"


def key_of(finding: Finding) -> str:
    """Return under what a finding is counted."""
    return FINDING + finding.key


def counts_of(repository: Repository, rows: Iterable[InventoryRow]) -> Counter[str]:
    """Count the rows of one repository by all that is asked for."""
    counts: Counter[str] = Counter()
    if repository.state == Repository.State.ACTIVE:
        counts[REPOSITORIES] = 1
    for row in rows:
        counts[TAGS] += 1
        counts.update(key_of(each.finding) for each in meanings_in(row.findings))
        counts.update(PLATFORM + platform for platform in set(row.platforms.split()))
    return counts


def add_to_counts(differences: Mapping[tuple[int, str, str], int]) -> None:
    """Add to the sums of namespaces and of registries.

    Only the job that takes stock does, of which no two run at once, so nobody else writes them.
    """
    wanted: Counter[tuple[int, str, str]] = Counter()
    for (registry, namespace, what), number in differences.items():
        wanted[registry, namespace, what] += number
        wanted[registry, EVERYTHING, what] += number
    for (registry, namespace, what), number in sorted(wanted.items()):
        rows = InventoryCount.objects.filter(registry=registry, namespace=namespace, what=what)
        if number and not rows.update(count=F("count") + number):
            InventoryCount.objects.create(
                registry_id=registry, namespace=namespace, what=what, count=number
            )


def sums_of(registries: Iterable[int]) -> Counter[str]:
    """Return how many tags of some registries have what, in one query of a few rows."""
    rows = InventoryCount.objects.filter(registry__in=list(registries), namespace=EVERYTHING)
    return Counter(dict(rows.values_list("what").annotate(sum=Sum("count"))))


def count_by_finding(findings: Counter[int]) -> dict[str, int]:
    """Return how many rows have each finding, given how many have each combination."""
    counts = dict.fromkeys(BY_KEY, 0)
    for combination, number in findings.items():
        for each in meanings_in(combination):
            counts[each.key] += number
    return counts
