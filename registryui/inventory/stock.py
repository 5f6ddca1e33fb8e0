"""Takes stock of repositories: works out the rows of the inventory from the index.

Each batch costs the same few queries however many tags it has, and is written in one transaction.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from registryui.activity.models import ActivityDay
from registryui.catalog.models import Referrer, Repository, Tag
from registryui.inventory.children import children_of
from registryui.inventory.counts import BATCH, add_to_counts, counts_of, rules
from registryui.inventory.judging import (
    RUNNABLE,
    VOUCHERS,
    Child,
    Judged,
    Surroundings,
    findings_of,
)
from registryui.inventory.known_facts import facts_of_indexes, facts_of_manifests
from registryui.inventory.models import UNDATED, InventoryRow, RepositoryInventory
from registryui.inventory.reading import Facts, platform_word
from registryui.oci.manifest import Kind
from registryui.sync.known import in_lookups

_ROW = (
    "repository", "registry", "repository_name", "tag_name", "findings", "platforms",
    "compressed_bytes", "created_at", "first_seen_at", "has_signature", "has_sbom",
    "has_provenance",
)  # fmt: skip
_STATE = ("as_of", "changed_at", "was_claimed", "rules", "newest_referrer", "counts")
_KINDS = [str(kind) for kind in VOUCHERS]


class TagEntry(NamedTuple):
    """A tag and what it points to, as the index has it."""

    pk: int
    repository: int
    name: str
    first_seen_at: datetime
    last_pulled_at: datetime | None
    manifest: int
    kind: str
    digest: str
    platforms: str
    compressed_bytes: int
    created_at: datetime | None


@dataclass(slots=True)
class Stock:
    """What the index has of a batch of repositories."""

    tags: list[TagEntry]
    children: dict[tuple[int, int], list[Child]]
    vouched: dict[int, dict[str, set[str]]]
    newest_referrers: dict[int, int]
    facts: dict[int, Facts] = field(default_factory=dict)


def take_stock(repositories: Sequence[Repository], *, now: datetime) -> None:
    """Work out the rows of some repositories and write them, all or none.

    ``repositories`` were read before: what changes while this runs is seen to have changed. Raise
    IntegrityError when a tag was removed at the very moment; nothing is written then.
    """
    stock = _read([row.pk for row in repositories if row.state == Repository.State.ACTIVE])
    rows = _rows(repositories, stock, now)
    with transaction.atomic():
        _write_rows(rows)
        counts = {row.pk: counts_of(row, rows[row.pk]) for row in repositories}
        _write_counts(repositories, counts)
        _write_state(repositories, counts, stock, now)
        _write_automated(repositories, stock, rows)


def set_aside(repository: Repository, *, now: datetime) -> None:
    """Leave a repository's rows as they are until it changes, or for a day."""
    RepositoryInventory.objects.update_or_create(
        repository=repository,
        defaults={
            "as_of": now,
            "changed_at": repository.changed_at,
            "was_claimed": False,
            "rules": rules(),
        },
    )


def _read(repositories: Sequence[int]) -> Stock:
    tags = [
        TagEntry(*row)
        for row in Tag.objects.for_people()
        .filter(repository__in=repositories)
        .values_list(
            "pk", "repository", "name", "first_seen_at", "last_pulled_at", "manifest",
            "manifest__kind", "manifest__digest", "manifest__platforms",
            "manifest__compressed_bytes", "manifest__created_at",
        )
    ]  # fmt: skip
    stock = Stock(tags, children_of(repositories), *_vouched(repositories))
    _add_facts(stock)
    return stock


def _vouched(repositories: Sequence[int]) -> tuple[dict[int, dict[str, set[str]]], dict[int, int]]:
    rows = Referrer.objects.filter(repository__in=repositories)
    vouched: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    found = rows.filter(kind__in=_KINDS)
    for repository, subject, kind in found.values_list("repository", "subject_digest", "kind"):
        vouched[repository][subject].add(kind)
    newest = dict(rows.values_list("repository").annotate(newest=Max("pk")))
    return vouched, newest


def _add_facts(stock: Stock) -> None:
    images = {tag.manifest for tag in stock.tags if tag.kind in RUNNABLE and tag.kind != Kind.INDEX}
    indexes: dict[int, list[Child]] = {}
    for (_, index), children in stock.children.items():
        indexes[index] = children
        images |= {child.manifest for child in children if child.is_platform and child.manifest}
    stock.facts = facts_of_manifests(images)
    stock.facts |= facts_of_indexes(indexes, stock.facts)


def _rows(
    repositories: Iterable[Repository], stock: Stock, now: datetime
) -> dict[int, list[InventoryRow]]:
    tags: dict[int, list[TagEntry]] = defaultdict(list)
    for tag in stock.tags:
        tags[tag.repository].append(tag)
    tells = tells_of_pulls({row.registry_id for row in repositories}, now=now)
    rows: dict[int, list[InventoryRow]] = {}
    for repository in repositories:
        entries = tags[repository.pk]
        around = Surroundings(
            now=now,
            old=timedelta(days=settings.OLD_IMAGE_DAYS),
            unpulled=timedelta(days=settings.UNPULLED_DAYS),
            tells_of_pulls=repository.registry_id in tells,
            has_only_latest=[tag.name for tag in entries] == ["latest"],
            vouched=stock.vouched[repository.pk],
        )
        rows[repository.pk] = [_row(repository, tag, stock, around) for tag in entries]
    return rows


def _row(repository: Repository, tag: TagEntry, stock: Stock, around: Surroundings) -> InventoryRow:
    judged = Judged(
        kind=tag.kind,
        digest=tag.digest,
        created_at=tag.created_at,
        first_seen_at=tag.first_seen_at,
        last_pulled_at=tag.last_pulled_at,
        facts=stock.facts.get(tag.manifest, Facts()),
        children=stock.children.get((repository.pk, tag.manifest), ()),
    )
    return InventoryRow(
        tag_id=tag.pk,
        repository_id=repository.pk,
        registry_id=repository.registry_id,
        repository_name=repository.name,
        tag_name=tag.name,
        findings=int(findings_of(judged, around)),
        platforms=platform_words(tag.platforms),
        compressed_bytes=tag.compressed_bytes,
        created_at=tag.created_at or UNDATED,
        first_seen_at=tag.first_seen_at,
        has_signature=around.has(Kind.SIGNATURE, judged),
        has_sbom=around.has(Kind.SBOM, judged),
        has_provenance=around.has(Kind.ATTESTATION, judged),
    )


def platform_words(platforms: str) -> str:
    """Return stored platforms as they are filtered by: each named in one way, spaces around."""
    words = dict.fromkeys(map(platform_word, platforms.split()))
    return f" {' '.join(words)} " if words else ""


def tells_of_pulls(registries: Iterable[int], *, now: datetime) -> set[int]:
    """Return those registries that told of a pull before the days began that a tag is given."""
    begin = (now - timedelta(days=settings.UNPULLED_DAYS)).date()
    told = ActivityDay.objects.filter(
        registry__in=set(registries), repository="", pulls__gt=0, day__lte=begin
    )
    return set(told.values_list("registry", flat=True))


def _write_rows(rows: Mapping[int, list[InventoryRow]]) -> None:
    everything = [row for each in rows.values() for row in each]
    before = InventoryRow.objects.filter(repository__in=rows).values_list("pk", flat=True)
    for part in in_lookups(set(before) - {row.tag_id for row in everything}):
        InventoryRow.objects.filter(pk__in=part).delete()
    there: set[int] = set()
    for part in in_lookups(row.tag_id for row in everything):
        there |= set(Tag.objects.filter(pk__in=part).values_list("pk", flat=True))
    InventoryRow.objects.bulk_create(
        [row for row in everything if row.tag_id in there],
        batch_size=BATCH // (len(_ROW) + 1),
        update_conflicts=True,
        unique_fields=["tag"],
        update_fields=_ROW,
    )


def _write_state(
    repositories: Iterable[Repository],
    counts: Mapping[int, Counter[str]],
    stock: Stock,
    now: datetime,
) -> None:
    rows = [
        RepositoryInventory(
            repository=row,
            as_of=now,
            changed_at=row.changed_at,
            was_claimed=row.claimed_until is not None and row.claimed_until > now,
            rules=rules(),
            newest_referrer=stock.newest_referrers.get(row.pk, 0),
            counts=counts[row.pk],
        )
        for row in repositories
    ]
    RepositoryInventory.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["repository"], update_fields=_STATE
    )


def _write_automated(
    repositories: Iterable[Repository], stock: Stock, rows: Mapping[int, list[InventoryRow]]
) -> None:
    """Note of which repositories the newest image has a provenance, or names its build."""
    named = {tag.pk for tag in stock.tags if stock.facts.get(tag.manifest, Facts()).names_build}
    keys: dict[bool, list[int]] = {True: [], False: []}
    for repository in repositories:
        newest = (row for row in rows[repository.pk] if row.tag_name == repository.newest_tag)
        is_automated = any(row.has_provenance or row.tag_id in named for row in newest)
        keys[is_automated].append(repository.pk)
    for is_automated, some in keys.items():
        wrong = Repository.objects.filter(pk__in=some, is_automated=not is_automated)
        wrong.update(is_automated=is_automated)


def _write_counts(repositories: Sequence[Repository], counts: Mapping[int, Counter[str]]) -> None:
    """Add to the sums what each repository has more than when stock was last taken of it."""
    before: dict[int, dict[str, int]] = dict(
        RepositoryInventory.objects.filter(repository__in=counts).values_list("pk", "counts")
    )
    differences: Counter[tuple[int, str, str]] = Counter()
    for row in repositories:
        now, then = counts[row.pk], before.get(row.pk, {})
        for what in now.keys() | then.keys():
            differences[row.registry_id, row.namespace, what] += now[what] - then.get(what, 0)
    add_to_counts(differences)
