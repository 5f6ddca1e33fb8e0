"""The commands by which people fetch what a page shows, as each client spells them."""

from dataclasses import dataclass, field

from registryui.oci.manifest import Kind
from registryui.oci.reference import Reference, is_docker_hub

IMAGE_CLIENTS = {
    "docker": "docker pull {reference}",
    "podman": "podman pull {reference}",
    "nerdctl": "nerdctl pull {reference}",
    "skopeo": "skopeo copy docker://{reference} oci:{short}",
    "crane": "crane pull {reference} {short}.tar",
}
ARTIFACT_CLIENTS = {
    "oras": "oras pull {reference}",
    "crane": "crane manifest {reference}",
    "skopeo": "skopeo inspect --raw docker://{reference}",
}
# To these a name without a host is Docker Hub's; podman looks where its machine's settings say.
SHORTENING = frozenset({"docker", "nerdctl", "skopeo", "crane"})
# A file's name is what somebody else wrote: it is no part of a command line.
BLOB_CLIENTS = (
    ("oras", "oras pull {repository}@{manifest}"),
    ("oras", "oras blob fetch --output {short} {repository}@{blob}"),
    ("crane", "crane blob {repository}@{blob} > {short}"),
)
IMAGE_KINDS = frozenset({Kind.IMAGE, Kind.INDEX, Kind.SCHEMA1})


@dataclass(frozen=True, slots=True)
class PullCommand:
    """One command of one client."""

    client: str = field(metadata={"help": "The program."})
    command: str = field(metadata={"help": "The whole line, to paste into a shell."})


@dataclass(frozen=True, slots=True)
class PullCommands:
    """How to fetch one manifest: by its tag, which may move, and by its digest, which cannot."""

    by_tag: tuple[PullCommand, ...] = field(metadata={"help": "Empty where there is no tag."})
    by_digest: tuple[PullCommand, ...] = field(metadata={"help": "Always the same content."})

    @property
    def first(self) -> PullCommand:
        """The command to show before the others."""
        return (self.by_tag or self.by_digest)[0]


def pull_commands(kind: str, repository: str, *, tag: str, digest: str) -> PullCommands:
    """Return the commands for a manifest of a kind.

    ``repository`` is its full name with the client-facing host, such as ``host:5000/team/app``.
    Names and digests were validated on their way into the index, so none needs quoting.
    """
    clients = IMAGE_CLIENTS if kind in IMAGE_KINDS else ARTIFACT_CLIENTS
    by_tag = _commands(clients, f"{repository}:{tag}") if tag else ()
    if kind == Kind.CHART:
        # Helm writes the + of a version as _ in the tag, and undoes it only this way round.
        chart = f"oci://{repository} --version {tag.replace('_', '+')}"
        release = repository.rpartition("/")[2]
        helm = (
            f"helm pull {chart}",
            f"helm show values {chart}",
            f"helm install {release} {chart}",
        )
        by_tag = (*(PullCommand("helm", line) for line in helm), *by_tag) if tag else ()
    return PullCommands(by_tag, _commands(clients, f"{repository}@{digest}"))


def _commands(clients: dict[str, str], reference: str) -> tuple[PullCommand, ...]:
    short = reference.rpartition("/")[2].partition("@")[0].partition(":")[0]
    familiar = _familiar(reference)
    return tuple(
        PullCommand(
            client,
            form.format(reference=familiar if client in SHORTENING else reference, short=short),
        )
        for client, form in clients.items()
    )


def _familiar(reference: str) -> str:
    """Return what people type: ``nginx:1`` for ``docker.io/library/nginx:1``, else the same."""
    host, _, _ = reference.partition("/")
    return Reference.parse(reference).familiar() if is_docker_hub(host) else reference


def blob_commands(
    repository: str, *, manifest: str, blob: str, short: str
) -> tuple[PullCommand, ...]:
    """Return the commands that fetch one blob of an artifact, or all of the artifact."""
    values = {"repository": repository, "manifest": manifest, "blob": blob, "short": short}
    return tuple(PullCommand(client, line.format(**values)) for client, line in BLOB_CLIENTS)
