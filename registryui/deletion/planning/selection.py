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
MOST_LONG = 140  # a digest of SHA-512


@dataclass(frozen=True, slots=True)
class Selection:
    """Tags by name, images by digest, or with ``is_all`` what the filters match but ``kept``.

    What is kept are tags and digests.
    """

    tags: tuple[str, ...] = ()
    digests: tuple[str, ...] = ()
    is_all: bool = False
    text: str = ""
    platform: str = ""
    kept: frozenset[str] = field(default=frozenset())

    @classmethod
    def parse(cls, query: QueryDict) -> "Selection":
        """Read an address or a form: ``tag=``, ``digest=``, or ``all=1`` with ``q=``, ``keep=``.

        With ``but=1`` what is named by ``tag=`` and ``digest=`` is what stays of all others.
        """
        named = {name: _texts(query, name) for name in ("tag", "digest", "keep")}
        is_but = query.get("but") == "1"
        kept = (*named["keep"], *((*named["tag"], *named["digest"]) if is_but else ()))
        return cls(
            tags=() if is_but else named["tag"],
            digests=() if is_but else named["digest"],
            # All but nothing is asked for as all: who forgot to select must not be told otherwise.
            is_all=bool(is_but and kept) or query.get("all") == "1",
            text=text_in(query, "q", most=128),
            platform=text_in(query, "platform", most=100),
            kept=frozenset(kept),
        )

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The same as the fields of a form."""
        return (
            *(("tag", each) for each in self.tags),
            *(("digest", each) for each in self.digests),
            *((("all", "1"),) if self.is_all else ()),
            *((("q", self.text),) if self.text else ()),
            *((("platform", self.platform),) if self.platform else ()),
            *(("keep", each) for each in sorted(self.kept)),
        )

    @property
    def query(self) -> str:
        """The same as the query of an address."""
        return urlencode(self.pairs)

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
        return {
            name: found[name]
            for name in sorted(found)
            if not self.kept.intersection((name, found[name]))
        }

    def missing_in(self, found: Mapping[str, str]) -> tuple[str, ...]:
        """Return what was chosen by name or digest and is not there."""
        digests = set(found.values())
        return (
            *(tag for tag in self.tags if tag not in found and tag not in self.kept),
            *(each for each in self.digests if each not in digests and each not in self.kept),
        )


def _texts(query: QueryDict, name: str) -> tuple[str, ...]:
    """Return what is given by a name, each once, as ``text_in`` does."""
    given = (each.replace("\x00", "\ufffd").strip()[:MOST_LONG] for each in query.getlist(name))
    return tuple(dict.fromkeys(each for each in given if each))[:MOST_NAMED]


def _named(rows: TagQuerySet) -> Iterable[tuple[str, str]]:
    return rows.values_list("name", "manifest__digest")
