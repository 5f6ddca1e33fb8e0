"""What falls with a manifest: its platforms and its signatures, unless something else needs them.

Pure, so that it can be proved: nothing that a tag or an index that stays leads to is ever in it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Web:
    """The manifests of a repository around those in question, by digest, and what ties them.

    ``attached`` are the tags that only say what a manifest is about, such as ``sha256-….sig``:
    they keep nothing.
    """

    tags: Mapping[str, frozenset[str]]
    parents: Mapping[str, frozenset[str]]
    children: Mapping[str, tuple[str, ...]]
    referrers: Mapping[str, tuple[str, ...]]
    subjects: Mapping[str, frozenset[str]]
    attached: frozenset[str] = field(default=frozenset())

    def tags_on(self, digest: str) -> frozenset[str]:
        """Return the tags that point to it."""
        return self.tags.get(digest, frozenset())

    def is_kept(self, digest: str, going: Collection[str], fallen: Collection[str]) -> bool:
        """Whether something keeps a manifest: a tag or an index that stays.

        Asked of each of a hundred thousand, so no set is made of all that goes or has fallen.
        """
        tags, parents = self.tags_on(digest), self.parents.get(digest, frozenset())
        return any(tag not in going for tag in tags) or any(up not in fallen for up in parents)

    def is_held(self, referrer: str, going: Collection[str], fallen: Collection[str]) -> bool:
        """Whether a signature or the like stays: for what keeps it, or as it speaks of others."""
        tags, parents = self.tags_on(referrer), self.parents.get(referrer, frozenset())
        return (
            any(tag not in going and tag not in self.attached for tag in tags)
            or any(up not in fallen for up in parents)
            or any(each not in fallen for each in self.subjects.get(referrer, frozenset()))
        )


def falling(web: Web, roots: Iterable[str], going: frozenset[str]) -> tuple[str, ...]:
    """Return the manifests that fall when the tags ``going`` do, in the order to delete them.

    First an index, then what it lists, then what refers to any of them: whoever is interrupted
    leaves no index with a hole in it. ``roots`` are the digests that the tags point to.
    """
    fallen: dict[str, None] = {}
    for digest in roots:
        if not web.is_kept(digest, going, fallen):
            fallen[digest] = None
    # What falls may free what it kept until nothing more is freed.
    while new := [each for each in _next(web, tuple(fallen), going) if each not in fallen]:
        fallen.update(dict.fromkeys(new))
    return tuple(_in_order(web, fallen))


def _next(web: Web, fallen: tuple[str, ...], going: frozenset[str]) -> Iterator[str]:
    gone = frozenset(fallen)
    for digest in fallen:
        for child in web.children.get(digest, ()):
            if not web.is_kept(child, going, gone):
                yield child
        for referrer in web.referrers.get(digest, ()):
            if not web.is_held(referrer, going, gone):
                yield referrer


def _in_order(web: Web, fallen: Iterable[str]) -> Iterator[str]:
    """Put each manifest after all that lists it and, where both can be, after what it is about."""
    left = dict.fromkeys(sorted(fallen, key=lambda digest: digest in web.subjects))
    # Digests cannot go in circles, so something of what is left is always listed by nothing in it.
    while free := [each for each in left if not web.parents.get(each, frozenset()) & left.keys()]:
        subjects = {each: web.subjects.get(each, frozenset()) & left.keys() for each in free}
        turn = [each for each in free if not subjects[each]] or free[:1]
        yield from turn
        for digest in turn:
            del left[digest]
