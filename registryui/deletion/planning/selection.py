"""What somebody chose to delete: some tags, some images, or everything that a filter matches."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.http import urlencode

from registryui.catalog.models import Repository, Tag
from registryui.catalog.models.tag import TagQuerySet
from registryui.catalog.pages.tag_list import TagFilters
from registryui.sync.known import in_lookups
from registryui.web.query import text_in

# An address and a form hold no more; everything that matches a filter has no such limit.
MOST_NAMED = 1000


@dataclass(frozen=True, slots=True)
class Selection:
    """Tags by name, images by digest, or with ``is_all`` what the filters match but ``kept``."""

    tags: tuple[str, ...] = ()
    digests: tuple[str, ...] = ()
    is_all: bool = False
    text: str = ""
    platform: str = ""
    kept: frozenset[str] = field(default=frozenset())

    @classmethod
    def parse(cls, query: QueryDict) -> "Selection":
        """Read an address or a form: ``tag=``, ``digest=``, or ``all=1`` with ``q=``, ``keep=``."""
        return cls(
            tags=tuple(dict.fromkeys(query.getlist("tag")))[:MOST_NAMED],
            digests=tuple(dict.fromkeys(query.getlist("digest")))[:MOST_NAMED],
            is_all=query.get("all") == "1",
            text=text_in(query, "q", most=128),
            platform=text_in(query, "platform", most=100),
            kept=frozenset(query.getlist("keep")[:MOST_NAMED]),
        )

    @property
    def query(self) -> str:
        """The same as the query of an address."""
        pairs = [
            *(("tag", each) for each in self.tags),
            *(("digest", each) for each in self.digests),
            *((("all", "1"),) if self.is_all else ()),
            *((("q", self.text),) if self.text else ()),
            *((("platform", self.platform),) if self.platform else ()),
            *(("keep", each) for each in sorted(self.kept)),
        ]
        return urlencode(pairs)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was chosen."""
        return not (self.tags or self.digests or self.is_all)

    def tags_of(self, repository: Repository) -> dict[str, str]:
        """Return the chosen tags that are there, by name, with the digests they point to."""
        rows = Tag.objects.in_repository(repository)
        found: dict[str, str] = {}
        if self.is_all:
            filters = TagFilters(text=self.text, platform=self.platform, shows_each_tag=True)
            found.update(_named(filters.apply(rows.for_people())))
        for part in in_lookups(self.tags):
            found.update(_named(rows.filter(name__in=part)))
        for part in in_lookups(self.digests):
            found.update(_named(rows.filter(manifest__digest__in=part)))
        return {name: found[name] for name in sorted(found) if name not in self.kept}

    def missing_in(self, found: Mapping[str, str]) -> tuple[str, ...]:
        """Return what was chosen by name or digest and is not there."""
        digests = set(found.values())
        return (
            *(tag for tag in self.tags if tag not in found and tag not in self.kept),
            *(digest for digest in self.digests if digest not in digests),
        )


def _named(rows: TagQuerySet) -> Iterable[tuple[str, str]]:
    return rows.values_list("name", "manifest__digest")
