"""What the index knows around some digests of a repository, read in a few queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from registryui.catalog.models import ManifestChild, Presence, Referrer, Repository, Tag
from registryui.deletion.planning.closure import Web
from registryui.oci.digest import Digest
from registryui.oci.referrer_tag import referrer_tag
from registryui.sync.known import in_lookups

# cosign's signatures, attestations and SBOMs, and the index of referrers without the API for them.
ATTACHED_ENDS = ("", ".sig", ".att", ".sbom")

# An index of indexes, its platforms, their signatures, and what signs those.
DEPTH = 6


def web_around(repository: Repository, digests: Iterable[str]) -> Web:
    """Return the manifests that could fall with some, and all that could keep them."""
    reader = _Reader(repository)
    front = set(digests)
    for _ in range(DEPTH):
        front = reader.read(front)
        if not front:
            break
    return reader.web()


class _Reader:
    """Follows entries and referrers outwards, each manifest once."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._seen: set[str] = set()
        self._tags: dict[str, set[str]] = defaultdict(set)
        self._attached: set[str] = set()
        self._parents: dict[str, set[str]] = defaultdict(set)
        self._children: dict[str, list[str]] = defaultdict(list)
        self._referrers: dict[str, list[str]] = defaultdict(list)
        self._subjects: dict[str, set[str]] = defaultdict(set)

    def read(self, digests: Iterable[str]) -> set[str]:
        """Read what is tied to some manifests, and return those that were not read yet."""
        self._seen.update(digests)
        found: set[str] = set()
        for part in in_lookups(digests):
            self._read_tags(part)
            self._read_parents(part)
            found |= self._read_children(part)
            found |= self._read_referrers(part) | self._read_attached(part)
        return found - self._seen

    def web(self) -> Web:
        return Web(
            tags={digest: frozenset(names) for digest, names in self._tags.items()},
            parents={digest: frozenset(each) for digest, each in self._parents.items()},
            children=self._read_only(self._children),
            referrers=self._read_only(self._referrers),
            subjects={digest: frozenset(each) for digest, each in self._subjects.items()},
            attached=frozenset(self._attached),
        )

    def _read_only(self, ties: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
        """Leave out what was too deep to be read: nobody knows what keeps that, so it stays."""
        return {
            digest: tuple(each for each in others if each in self._seen)
            for digest, others in ties.items()
        }

    def _read_tags(self, digests: Iterable[str]) -> None:
        rows = Tag.objects.in_repository(self._repository).filter(manifest__digest__in=digests)
        for digest, name, is_attached in rows.values_list(
            "manifest__digest", "name", "is_attached"
        ):
            self._tags[digest].add(name)
            if is_attached:
                self._attached.add(name)

    def _read_parents(self, digests: Iterable[str]) -> None:
        rows = ManifestChild.objects.filter(
            digest__in=digests, parent__presences__repository=self._repository
        )
        for digest, parent in rows.values_list("digest", "parent__digest"):
            self._parents[digest].add(parent)

    def _read_children(self, digests: Iterable[str]) -> set[str]:
        held = Presence.objects.filter(repository=self._repository).values("manifest")
        rows = ManifestChild.objects.filter(parent__digest__in=digests, child__in=held)
        found = set()
        for parent, digest in rows.order_by("parent", "position").values_list(
            "parent__digest", "digest"
        ):
            if digest not in self._children[parent]:
                self._children[parent].append(digest)
            found.add(digest)
        return found

    def _read_referrers(self, digests: Iterable[str]) -> set[str]:
        rows = Referrer.objects.filter(repository=self._repository)
        about = rows.filter(subject_digest__in=digests).exclude(source=Referrer.Source.BUILDKIT)
        found = set()
        for subject, digest in about.order_by("pk").values_list(
            "subject_digest", "manifest__digest"
        ):
            if digest not in self._referrers[subject]:
                self._referrers[subject].append(digest)
            found.add(digest)
        self._read_subjects(found)
        return found

    def _read_attached(self, digests: Iterable[str]) -> set[str]:
        """Find what hangs on a manifest by a tag that is called after it."""
        names = {
            f"{referrer_tag(Digest.parse(digest))}{end}": digest
            for digest in digests
            for end in ATTACHED_ENDS
        }
        found = set()
        for part in in_lookups(names):
            rows = Tag.objects.in_repository(self._repository).filter(name__in=part)
            for name, digest in rows.values_list("name", "manifest__digest"):
                subject = names[name]
                self._attached.add(name)
                self._subjects[digest].add(subject)
                if digest not in self._referrers[subject]:
                    self._referrers[subject].append(digest)
                found.add(digest)
        return found

    def _read_subjects(self, referrers: Iterable[str]) -> None:
        for part in in_lookups(referrers):
            rows = Referrer.objects.filter(repository=self._repository, manifest__digest__in=part)
            for digest, subject in rows.values_list("manifest__digest", "subject_digest"):
                self._subjects[digest].add(subject)
