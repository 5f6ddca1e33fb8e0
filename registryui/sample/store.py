"""What the sample registry holds, in memory: blobs by digest, and per repository who has what."""

import json
import threading
from contextlib import suppress
from dataclasses import dataclass

from registryui.oci.digest import Digest, InvalidDigestError
from registryui.oci.errors import OciError
from registryui.oci.manifest import parse_manifest
from registryui.sample.content import Content


@dataclass(frozen=True, slots=True)
class StoredManifest:
    """A manifest's exact bytes and the media type it was pushed with."""

    digest: Digest
    content: bytes
    media_type: str

    def document(self) -> dict[str, object]:
        """Parse the manifest; `{}` when it is not an object."""
        document = json.loads(self.content)
        return document if isinstance(document, dict) else {}

    def subject(self) -> Digest | None:
        """Find the digest this manifest refers to; most have none, so look before parsing."""
        if b'"subject"' not in self.content:
            return None
        subject = self.document().get("subject")
        try:
            return Digest.parse(subject.get("digest") if isinstance(subject, dict) else None)
        except InvalidDigestError:
            return None

    def children(self) -> set[Digest]:
        """Find the manifests that an index lists; nothing for anything else."""
        if b'"manifests"' not in self.content:
            return set()
        with suppress(OciError):
            return {child.digest for child in parse_manifest(self.content).children}
        return set()


class StoredRepository:
    """The tags, manifests and blob links of one repository; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._manifests: dict[Digest, StoredManifest] = {}
        self._tags: dict[str, Digest] = {}
        self._referrers: dict[Digest, list[StoredManifest]] = {}
        self.blobs: set[Digest] = set()
        self.was_pushed = False  # distribution lists a repository for ever after
        self.was_tagged = False

    def put(self, manifest: StoredManifest, tag: str | None = None) -> None:
        with self._lock:
            if manifest.digest not in self._manifests and (subject := manifest.subject()):
                self._referrers.setdefault(subject, []).append(manifest)
            self._manifests[manifest.digest] = manifest
            self.was_pushed = True
            if tag:
                self._tags[tag] = manifest.digest
                self.was_tagged = True

    def find(self, reference: str | Digest) -> StoredManifest | None:
        """Find the manifest of a tag or of a digest."""
        with self._lock:
            digest = self._tags.get(reference) if isinstance(reference, str) else reference
            return self._manifests.get(digest) if digest else None

    def manifests(self) -> set[Digest]:
        """Which manifests it has, tagged or not."""
        with self._lock:
            return set(self._manifests)

    def tags(self) -> dict[str, Digest]:
        """Where each tag points, in the order the tags were first pushed."""
        with self._lock:
            return dict(self._tags)

    def referrers(self, subject: Digest) -> list[StoredManifest]:
        with self._lock:
            return list(self._referrers.get(subject, ()))

    def is_indexed(self, digest: Digest) -> bool:
        """Whether an index of this repository lists the manifest."""
        with self._lock:
            return any(digest in manifest.children() for manifest in self._manifests.values())

    def untag(self, tag: str) -> bool:
        with self._lock:
            return self._tags.pop(tag, None) is not None

    def remove(self, digest: Digest) -> bool:
        """Remove a manifest and, as distribution does, every tag that points to it."""
        with self._lock:
            manifest = self._manifests.pop(digest, None)
            self._tags = {tag: other for tag, other in self._tags.items() if other != digest}
            if manifest and (subject := manifest.subject()):
                self._referrers[subject].remove(manifest)
            return manifest is not None


class Store:
    """All repositories, and the blobs they share."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._repositories: dict[str, StoredRepository] = {}
        self._blobs: dict[Digest, Content] = {}

    def repository(self, name: str) -> StoredRepository | None:
        return self._repositories.get(name)

    def open(self, name: str) -> StoredRepository:
        """Find or make the repository of that name."""
        with self._lock:
            return self._repositories.setdefault(name, StoredRepository())

    def names(self) -> list[str]:
        """List the repositories as distribution does, which walks directories: "/" sorts first."""
        with self._lock:
            repositories = list(self._repositories.items())
        names = [name for name, repository in repositories if repository.was_pushed]
        return sorted(names, key=lambda name: name.split("/"))

    def put_blob(self, repository: str, digest: Digest, content: Content) -> None:
        self._blobs[digest] = content
        self.open(repository).blobs.add(digest)

    def blob(self, digest: Digest, *, repository: str | None = None) -> Content | None:
        """Find a blob's content; with `repository`, only if that one has been given it."""
        if repository is not None:
            holder = self.repository(repository)
            if holder is None or digest not in holder.blobs:
                return None
        return self._blobs.get(digest)
