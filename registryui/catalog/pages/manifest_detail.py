"""The pages of one manifest, which never change: what it is, and its exact bytes."""

from dataclasses import dataclass, field
from datetime import datetime

from registryui.accounts.access import Access
from registryui.catalog.freshness import Freshness, of_repository
from registryui.catalog.models import Manifest, Repository
from registryui.catalog.pages.changing import changing_url
from registryui.catalog.pages.manifest import ManifestDetail
from registryui.catalog.pages.parts import Link, repository_crumbs
from registryui.catalog.pull import PullCommands, pull_commands
from registryui.oci.digest import Digest


@dataclass(frozen=True, slots=True)
class ManifestDetailPage:
    """One manifest of one repository, by its digest."""

    registry: str = field(metadata={"help": "The registry's name in addresses."})
    repository: str = field(metadata={"help": "The repository's full name."})
    crumbs: tuple[Link, ...] = field(metadata={"help": "The way up."})
    delete_url: str = field(
        metadata={"help": "Where deleting its tags is planned; empty for who may not or without."}
    )
    copy_url: str = field(
        metadata={"help": "Where it is given another tag; empty for who may not."}
    )
    freshness: Freshness = field(metadata={"help": "How old what is known of the repository is."})
    pull: PullCommands = field(metadata={"help": "How to fetch it."})
    manifest: ManifestDetail = field(metadata={"help": "The manifest."})

    @classmethod
    def build(
        cls, repository: Repository, row: Manifest, *, access: Access, now: datetime
    ) -> "ManifestDetailPage":
        """Read the page from the index."""
        host = repository.registry.client_host
        manifest = ManifestDetail.build(repository, row, access=access)
        delete_url = changing_url(access, repository, "deletion-plan", f"digest={row.digest}")
        return cls(
            registry=repository.registry.slug,
            repository=repository.name,
            crumbs=full_crumbs(repository),
            delete_url=delete_url if manifest.tags else "",
            copy_url=changing_url(access, repository, "image-copy", f"digest={row.digest}"),
            freshness=of_repository(repository, now=now),
            pull=pull_commands(row.kind, f"{host}/{repository.name}", tag="", digest=row.digest),
            manifest=manifest,
        )


@dataclass(frozen=True, slots=True)
class RawManifestPage:
    """The exact bytes of a manifest, as text."""

    registry: str = field(metadata={"help": "The registry's name in addresses."})
    repository: str = field(metadata={"help": "The repository's full name."})
    crumbs: tuple[Link, ...] = field(metadata={"help": "The way up."})
    digest: str = field(metadata={"help": "The digest the bytes were asked by."})
    media_type: str = field(metadata={"help": "Its media type, exactly."})
    size_bytes: int = field(metadata={"help": "How many bytes there are."})
    matches: bool = field(metadata={"help": "Whether the bytes we hold still have the digest."})
    download_url: str = field(metadata={"help": "Address of the bytes as a file."})
    text: str = field(metadata={"help": "The bytes as UTF-8; what is none is replaced."})

    @classmethod
    def build(cls, repository: Repository, row: Manifest) -> "RawManifestPage":
        """Read the page from the index, computing the digest anew."""
        content = bytes(row.content)
        digest = Digest.parse(row.digest)
        path = f"{repository.get_absolute_url()}-/manifests/{digest}/"
        return cls(
            registry=repository.registry.slug,
            repository=repository.name,
            crumbs=(*full_crumbs(repository), Link(digest.short, path)),
            digest=row.digest,
            media_type=row.media_type,
            size_bytes=len(content),
            matches=digest.matches(content),
            download_url=f"{path}raw/?download=1",
            text=content.decode("utf-8", errors="replace"),
        )


def full_crumbs(repository: Repository) -> tuple[Link, ...]:
    """Return the way up from something inside a repository, the repository included."""
    base_name = repository.name.rpartition("/")[2]
    return (*repository_crumbs(repository), Link(base_name, repository.get_absolute_url()))
