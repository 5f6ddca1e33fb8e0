"""Compares the tags of a registry with those of the index; pure, so that it can be proved."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from registryui.oci.manifest import is_referrer_tag
from registryui.oci.version import Version
from registryui.oci.version_order import lead_rank

Node = TypeVar("Node", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Move:
    """That a tag left one digest for another; "" is nowhere."""

    tag: str
    from_digest: str
    to_digest: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What has to be written so that the index says what the registry said."""

    appeared: Mapping[str, str] = field(default_factory=dict)
    moved: tuple[Move, ...] = ()
    removed: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether anything changed."""
        return bool(self.appeared or self.moved or self.removed)

    @property
    def targets(self) -> dict[str, str]:
        """Return where new and moved tags point now."""
        return {**self.appeared, **{move.tag: move.to_digest for move in self.moved}}

    def moves(self) -> list[Move]:
        """Return everything that happened, in the order of the tags."""
        appeared = (Move(tag, "", digest) for tag, digest in self.appeared.items())
        removed = (Move(tag, digest, "") for tag, digest in self.removed.items())
        return sorted((*appeared, *self.moved, *removed), key=lambda move: move.tag)


def reconcile(
    indexed: Mapping[str, str], found: Mapping[str, str], *, removed: Collection[str]
) -> Changes:
    """Compare tags by name and digest: ``indexed`` before, ``found`` in the registry now.

    ``removed`` are tags that are certainly not there any more; a tag that is neither found nor
    removed keeps its place, for nobody could say anything about it.
    """
    return Changes(
        appeared={tag: digest for tag, digest in found.items() if tag not in indexed},
        moved=tuple(
            Move(tag, indexed[tag], digest)
            for tag, digest in found.items()
            if indexed.get(tag, digest) != digest
        ),
        removed={tag: indexed[tag] for tag in removed if tag in indexed and tag not in found},
    )


def leading_tags(tags: Mapping[str, Hashable]) -> set[str]:
    """Return, of the tags on each manifest, the one that names it best; attached tags lead none."""
    rivals: dict[Hashable, list[str]] = defaultdict(list)
    for tag, manifest in tags.items():
        if not is_referrer_tag(tag):
            rivals[manifest].append(tag)
    return {best_name(names) for names in rivals.values()}


def newest_tag(version_keys: Mapping[str, str]) -> str:
    """Return the newest release; without one the tag with the largest version key; "" without tags.

    A preview is newer than the release before it, but not what people look for. Of tags with the
    same key it is the better name.
    """
    newest_first = sorted(version_keys, key=version_keys.__getitem__, reverse=True)
    releases = (tag for tag in newest_first if _is_release(tag))
    largest = version_keys.get(next(releases, newest_first[0] if newest_first else ""), "")
    equals = [tag for tag in newest_first if version_keys[tag] == largest]
    return best_name(equals) if equals else ""


def _is_release(tag: str) -> bool:
    version = Version.parse(tag)
    return version is not None and version.is_final


def best_name(tags: Sequence[str]) -> str:
    """Return the tag that says most about what it points to."""
    return tags[0] if len(tags) == 1 else max(tags, key=lambda tag: (lead_rank(tag), tag))


def reachable(roots: Iterable[Node], edges: Mapping[Node, Collection[Node]]) -> set[Node]:
    """Return the roots and everything the edges lead to from them."""
    reached: set[Node] = set()
    waiting = list(roots)
    while waiting:
        node = waiting.pop()
        if node not in reached:
            reached.add(node)
            waiting.extend(edges.get(node, ()))
    return reached
