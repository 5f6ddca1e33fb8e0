"""The writer of one registry: the only code that changes anything in it.

It is apart from the client, so that code which reads has nothing that could write.
"""

from registryui.distribution.client import RegistryClient
from registryui.distribution.deleting import Deletions, Outcome
from registryui.distribution.probe import DeletionProbe, DeletionSupport
from registryui.distribution.pushing import Pushes
from registryui.distribution.support import Support
from registryui.oci.digest import Digest

__all__ = ["DeletionSupport", "Outcome", "RegistryWriter", "Support"]


class RegistryWriter:
    """Changes one registry with the credentials and the pace of its client; thread-safe.

    Every method raises a RegistryError, and sends each of its requests once: after an
    OutcomeUnknownError, look with the client before doing anything. Names that are none
    (``InvalidReferenceError``) are never sent.
    """

    def __init__(self, client: RegistryClient) -> None:
        self.client = client
        self._deletions = Deletions(client.parts)
        self._pushes = Pushes(client.parts)
        self._probe = DeletionProbe(client.parts, self._deletions)

    def delete(self, repository: str, reference: str | Digest) -> Outcome:
        """Delete a tag, or a manifest by digest: at most registries with every tag on it.

        Raises UnsupportedError and ConflictError, which say ``why``, and RegistryRefusedError.
        """
        return self._deletions.delete(self.client.name_of(repository), str(reference))

    def put_manifest(
        self, repository: str, reference: str | Digest, content: bytes, media_type: str
    ) -> Digest:
        """Push exactly these bytes under a tag or their digest, and give the digest they have.

        Raises NotFoundError with the code ``MANIFEST_BLOB_UNKNOWN`` when a part is not there.
        """
        name = self.client.name_of(repository)
        return self._pushes.put_manifest(name, str(reference), content, media_type)

    def upload_blob(self, repository: str, content: bytes) -> Digest:
        """Push a blob that fits in memory, and give its digest."""
        return self._pushes.upload_blob(self.client.name_of(repository), content)

    def probe_deletion(self, repository: str) -> DeletionSupport:
        """Find out whether the registry deletes, by deleting what has never been there."""
        return self._probe.run(self.client.name_of(repository))

    def probe_push(self, repository: str) -> Support:
        """Find out whether we may push, by an upload that is cancelled before anything is sent."""
        return self._pushes.probe(self.client.name_of(repository))
