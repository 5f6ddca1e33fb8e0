"""What a person typed into the search box, read as what can be looked for."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, replace

MAX_LENGTH = 300
MAX_TERMS = 8
SHORTEST_DIGEST = 4

_TERM = re.compile(r'(?:"[^"]*"?|[^\s"])+')
_HEX = re.compile(rf"[0-9a-f]{{{SHORTEST_DIGEST},128}}")
_DIGEST = re.compile(rf"(?:sha256|sha512|blake3):[0-9a-f]{{{SHORTEST_DIGEST},128}}")
_ALGORITHMS = ("sha256:", "sha512:", "blake3:")
_LONGEST = {"sha256": 64, "sha512": 128, "blake3": 64}

# Go's names, which the OCI image-spec prescribes (image-index.md), and what uname calls them.
_SYSTEMS = frozenset({"linux", "windows", "darwin", "freebsd", "wasip1", "wasi", "js"})
_ARCHITECTURES = frozenset(
    {"amd64", "arm64", "arm", "386", "ppc64le", "ppc64", "s390x", "riscv64", "loong64"}
    | {"mips", "mipsle", "mips64", "mips64le", "wasm"}
)
_ALIASES = {"x86_64": "amd64", "x86-64": "amd64", "aarch64": "arm64", "i386": "386"}


@dataclass(frozen=True, slots=True)
class Label:
    """A label looked for: its key, and the beginning of its value; empty for any value."""

    key: str
    value: str


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """The terms of a search, all of which must match.

    A bare word may mean several things: ``cafe1234`` is a part of a name or the beginning of a
    digest, ``arm64`` a part of a name or a platform. Each kind of result reads it its own way.
    """

    words: tuple[str, ...] = ()
    repository: str = ""
    tag: str = ""
    digests: tuple[str, ...] = ()
    labels: tuple[Label, ...] = ()
    platforms: tuple[str, ...] = ()
    host: str = ""

    @classmethod
    def parse(cls, text: str, *, hosts: Collection[str] = ()) -> "SearchQuery":
        """Read a text; ``hosts`` are those that may stand before a repository's name."""
        query = cls()
        for term in _terms(text):
            query = query._with(term, hosts)
        return query

    @property
    def is_empty(self) -> bool:
        """Whether nothing is looked for."""
        return self == SearchQuery()

    @property
    def has_names(self) -> bool:
        """Whether parts of names are looked for."""
        return bool(self.words or self.repository or self.tag)

    @property
    def has_reference(self) -> bool:
        """Whether a repository or a tag was named as such: ``repo:tag``, ``repo:``, ``:tag``."""
        return bool(self.repository or self.tag)

    @property
    def marked(self) -> tuple[str, ...]:
        """The texts to highlight in names."""
        return tuple(part for part in (*self.words, self.repository, self.tag) if part)

    def _with(self, term: str, hosts: Collection[str]) -> "SearchQuery":
        lower = term.lower()
        key, equals, value = term.partition("=")
        if equals and key:
            return _changed(self, labels=(*self.labels, Label(key, value)))
        if _DIGEST.fullmatch(lower):
            return _changed(self, digests=(*self.digests, lower))
        name, at, digest = lower.partition("@")
        if at and _DIGEST.fullmatch(digest):
            query = _changed(self, digests=(*self.digests, digest))
            return query._with(name, hosts) if name else query
        if platform := platform_of(lower):
            return _changed(self, platforms=(*self.platforms, platform))
        return self._with_name(term, hosts)

    def _with_name(self, term: str, hosts: Collection[str]) -> "SearchQuery":
        query = self
        first, slash, rest = term.partition("/")
        if slash and first.lower() in hosts:
            query, term = _changed(self, host=first.lower()), rest
        repository, colon, tag = term.rpartition(":")
        is_reference = colon and (repository or tag) and "/" not in tag and not query.has_reference
        if is_reference:
            return _changed(query, repository=repository.lower(), tag=tag)
        return _changed(query, words=(*query.words, term)) if term else query


def _changed(query: SearchQuery, **changes: object) -> SearchQuery:
    return replace(query, **changes)  # type: ignore[arg-type]  # each names its own field's type


def _terms(text: str) -> list[str]:
    # Control characters and the like belong to no name, and PostgreSQL refuses NUL.
    visible = "".join(
        " " if unicodedata.category(character).startswith("C") else character
        for character in text[:MAX_LENGTH]
    )
    terms = (term.replace('"', "").strip() for term in _TERM.findall(visible))
    return [term for term in terms if term][:MAX_TERMS]


def platform_of(text: str) -> str:
    """Return ``os/architecture[/variant]`` as the index writes it, or nothing if it is none."""
    system, slash, machine = text.partition("/")
    architecture, _, variant = machine.partition("/")
    architecture = _ALIASES.get(architecture, architecture)
    if not slash or system not in _SYSTEMS or architecture not in _ARCHITECTURES:
        return ""
    if variant and not re.fullmatch(r"v?[0-9]{1,2}", variant):
        return ""
    # What is not said matches any variant, and arm64 has only this one.
    is_default = (architecture, variant) == ("arm64", "v8")
    return f"{system}/{architecture}" + (f"/{variant}" if variant and not is_default else "")


def architecture_of(word: str) -> str:
    """Return the architecture that a bare word names, or nothing."""
    architecture = _ALIASES.get(word.lower(), word.lower())
    return architecture if architecture in _ARCHITECTURES else ""


def digest_prefixes(word: str) -> tuple[str, ...]:
    """Return the beginnings of digests that a word stands for; none if it is not one.

    Without an algorithm it stands for a beginning under each of them.
    """
    lower = word.lower()
    if _DIGEST.fullmatch(lower):
        candidates: tuple[str, ...] = (lower,)
    elif _HEX.fullmatch(lower):
        candidates = tuple(algorithm + lower for algorithm in _ALGORITHMS)
    else:
        return ()
    return tuple(
        each
        for each in candidates
        if len(each.partition(":")[2]) <= _LONGEST[each.partition(":")[0]]
    )
