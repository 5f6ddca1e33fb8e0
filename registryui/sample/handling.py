"""What every handler of the sample registry is given, and the checks they share."""

from dataclasses import dataclass

from registryui.oci.digest import Digest, InvalidDigestError
from registryui.sample.exchange import Call, RefusalError
from registryui.sample.store import Store, StoredRepository
from registryui.sample.switches import Switches
from registryui.sample.uploads import Uploads


@dataclass(frozen=True, slots=True)
class Here:
    """One call, the registry it was made to, and the parts its path has."""

    call: Call
    store: Store
    switches: Switches
    uploads: Uploads
    prefix: str
    parts: dict[str, str]

    @property
    def name(self) -> str:
        return self.parts["name"]

    def path(self, rest: str) -> str:
        """Write the path of this repository's `rest`, as a `Location` says it."""
        return f"{self.prefix}/v2/{self.name}/{rest}"

    def repository(self) -> StoredRepository:
        repository = self.store.repository(self.name)
        if repository is None:
            message = "repository name not known to registry"
            raise RefusalError("NAME_UNKNOWN", message, detail={"name": self.name})
        return repository


def digest_from(text: str) -> Digest:
    """Read a digest out of a path or a query; junk is refused as the specification says."""
    try:
        return Digest.parse(text)
    except InvalidDigestError as error:
        raise RefusalError("DIGEST_INVALID", "provided digest did not match") from error


def looks_like_digest(reference: str) -> bool:
    """Tell a digest, even a malformed one, from a tag: tags have no colon."""
    return ":" in reference
