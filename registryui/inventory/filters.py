"""Which rows of the inventory are asked for, and how many there are."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.http import QueryDict

from registryui.accounts.access import Access
from registryui.accounts.pattern import ANY, condition, is_pattern
from registryui.catalog.models import Registry, Repository, Tag
from registryui.inventory.counts import TAGS, count_by_finding, key_of, sums_of
from registryui.inventory.findings import BY_KEY, NOTHING, Finding
from registryui.inventory.models import UNDATED, InventoryRow, InventoryRowQuerySet
from registryui.inventory.reading import platform_word
from registryui.web.query import text_in

# Of a filtered list so many rows are counted, at most: then it says "more than".
MOST_COUNTED = 10_000
UNDATED_WORD = "undated"
AGES = ("30", "90", "365", UNDATED_WORD)


@dataclass(frozen=True, slots=True)
class Found:
    """How many rows there are, and how many of them have each finding.

    If ``is_capped`` only MOST_COUNTED were looked at: there are more than the numbers say, except
    that a larger total is exact.
    """

    total: int
    by_finding: dict[str, int]
    is_capped: bool

    @property
    def is_total_capped(self) -> bool:
        """Whether there are more rows than ``total``."""
        return self.is_capped and self.total == MOST_COUNTED


@dataclass(frozen=True, slots=True)
class InventoryFilters:
    """What an address asks for."""

    registry: str
    repository: str
    platform: str
    text: str
    age: str
    findings: Finding

    @classmethod
    def parse(cls, query: QueryDict) -> "InventoryFilters":
        """Read the address; what makes no sense there counts as not said."""
        repository = text_in(query, "repository", most=255)
        age = text_in(query, "age", most=10)
        findings = NOTHING
        for key in text_in(query, "finding", most=300).split(","):
            findings |= BY_KEY.get(key, NOTHING)
        return cls(
            registry=text_in(query, "registry", most=50),
            repository=repository if is_pattern(repository) else "",
            platform=platform_word(text_in(query, "platform", most=100)),
            text=text_in(query, "q", most=255),
            age=age if age in AGES else "",
            findings=findings,
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but a registry and findings is asked for."""
        return bool(self.repository or self.platform or self.text or self.age)

    @property
    def keys(self) -> tuple[str, ...]:
        """The findings asked for, by their names in addresses."""
        return tuple(key for key, finding in BY_KEY.items() if finding & self.findings)

    def among(self, registries: Sequence[Registry]) -> list[Registry]:
        """Return those of the registries that are asked for."""
        return [row for row in registries if self.registry in ("", row.slug)]

    def apply(
        self, access: Access, registries: Sequence[Registry], *, now: datetime
    ) -> InventoryRowQuerySet:
        """Return the rows asked for that one may see, in ``registries``."""
        rows = self.of_all(access, registries).with_findings(self.findings)
        return rows.filter(self._conditions(now))

    def of_all(self, access: Access, registries: Sequence[Registry]) -> InventoryRowQuerySet:
        """Return all rows that one may see of the registries that are asked for."""
        keys = [row.pk for row in self.among(registries)]
        return InventoryRow.objects.visible_to(access).filter(registry__id__in_unindexed=keys)

    def count(
        self,
        access: Access,
        registries: Sequence[Registry],
        sums: Counter[str] | None,
        *,
        now: datetime,
    ) -> Found:
        """Count the rows: from the sums where that is possible, else no more than needed."""
        if sums is not None and not self.is_narrowed and self.findings == NOTHING:
            by_finding = {key: sums[key_of(finding)] for key, finding in BY_KEY.items()}
            return Found(sums[TAGS], by_finding, is_capped=False)
        rows = self.apply(access, registries, now=now)
        counted = Counter(rows.values_list("findings", flat=True)[: MOST_COUNTED + 1])
        by_finding = count_by_finding(counted)
        if counted.total() <= MOST_COUNTED:
            return Found(counted.total(), by_finding, is_capped=False)
        if sums is not None and not self.is_narrowed and len(self.keys) == 1:
            return Found(sums[key_of(self.findings)], by_finding, is_capped=True)
        return Found(MOST_COUNTED, by_finding, is_capped=True)

    def _conditions(self, now: datetime) -> Q:
        wanted = _fits(self.repository) if self.repository else Q()
        if self.platform:
            wanted &= Q(platforms__contains=f" {self.platform} ")
        if self.text:
            wanted &= _has_text(self.text)
        if self.age == UNDATED_WORD:
            wanted &= Q(created_at=UNDATED)
        elif self.age:
            before = now - timedelta(days=int(self.age))
            wanted &= Q(created_at__gt=UNDATED, created_at__lt=before)
        return wanted


def kept_sums(access: Access, registries: Sequence[Registry]) -> Counter[str] | None:
    """Return the sums of some registries; None where one may see a part of them only."""
    if not all(access.sees_all_of(row.slug) for row in registries):
        return None
    return sums_of(row.pk for row in registries)


def _fits(pattern: str) -> Q:
    """Return the condition that a repository's name fits a pattern."""
    if not pattern.startswith(ANY) or pattern == ANY:
        return condition(pattern, "repository_name")
    # Every name has to be compared: there are fewer repositories than tags.
    return Q(repository__in=Repository.objects.filter(condition(pattern, "name")).values("pk"))


def _has_text(text: str) -> Q:
    """Return the condition that the name of the repository or of the tag has a text in it."""
    repositories = Repository.objects.filter(name__contains_fast=text)
    tags = Tag.objects.for_people().filter(name__contains_fast=text)
    return Q(repository__in=repositories.values("pk")) | Q(tag__in=tags.values("pk"))
