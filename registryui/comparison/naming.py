"""How the address of a comparison names images: ``REGISTRY/REPOSITORY:TAG`` or ``…@DIGEST``."""

from dataclasses import dataclass, replace

from registryui.accounts.access import Access
from registryui.catalog.models import Manifest, Registry, Repository, Tag
from registryui.oci.digest import Digest, InvalidDigestError
from registryui.oci.reference import is_repository_name, is_tag

LONGEST = 700


@dataclass(frozen=True, slots=True)
class Name:
    """What somebody wrote; the registry by its slug here, or by the host that clients use."""

    registry: str
    repository: str
    tag: str
    digest: str

    @classmethod
    def parse(cls, text: str) -> "Name | None":
        """Read a name; without a tag it is ``latest``, with a digest the tag says nothing."""
        registry, _, rest = text.strip().partition("/")
        before, _, digest = rest.partition("@")
        repository, colon, tag = before.rpartition(":")
        if not colon or "/" in tag:
            repository, tag = before, "" if digest else "latest"
        name = cls(registry, repository, "" if digest else tag, digest)
        return name if name.is_possible else None

    @property
    def is_possible(self) -> bool:
        """Whether there could be such an image at all."""
        if not self.registry or not is_repository_name(self.repository):
            return False
        if not self.digest:
            return is_tag(self.tag)
        try:
            Digest.parse(self.digest)
        except InvalidDigestError:
            return False
        return True

    def __str__(self) -> str:
        """Return the name as addresses have it."""
        suffix = f"@{self.digest}" if self.digest else f":{self.tag}"
        return f"{self.registry}/{self.repository}{suffix}"


@dataclass(frozen=True, slots=True)
class Found:
    """An image or an index that exists for somebody, under a name."""

    name: Name
    repository: Repository
    manifest: Manifest


def find(text: str, access: Access) -> Found | None:
    """Return what a text names, if that exists for this person."""
    name = Name.parse(text)
    repository = _repository(name, access) if name else None
    if name is None or repository is None:
        return None
    manifest = _manifest(name, repository)
    if manifest is None:
        return None
    return Found(replace(name, registry=repository.registry.slug), repository, manifest)


def name_of(repository: Repository, *, tag: str = "", digest: str = "") -> str:
    """Return how an image of a repository is named."""
    return str(Name(repository.registry.slug, repository.name, tag, digest))


def _repository(name: Name, access: Access) -> Repository | None:
    seen = Repository.objects.visible_to(access).select_related("registry")
    slugs = Registry.objects.declared().filter(client_host=name.registry).values_list("slug")
    for slug in (name.registry, *(slug for (slug,) in slugs.order_by("slug"))):
        found = seen.named(slug, name.repository).first()
        if found is not None:
            return found
    return None


def _manifest(name: Name, repository: Repository) -> Manifest | None:
    if name.digest:
        held = Manifest.objects.filter(presences__repository=repository, digest=name.digest)
        return held.select_related("config").first()
    tags = Tag.objects.in_repository(repository).filter(name=name.tag)
    tag = tags.select_related("manifest__config").first()
    return tag.manifest if tag else None
