"""What the commands are about: a host as clients see it, who logs in, and an image in it."""

import ipaddress
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from registryui.accounts.access import Access
from registryui.catalog.models import Registry, Repository, Tag
from registryui.connect.quoting import plain_name, shell, single_quoted
from registryui.connections import UndeclaredRegistryError, declaration_of
from registryui.declarations import Declaration
from registryui.oci.manifest import Kind

NO_DIGEST = "sha256:" + "0" * 64


@dataclass(frozen=True, slots=True)
class Example:
    """The image that the commands are written for."""

    repository: str = field(metadata={"help": "Its repository."})
    tag: str = field(metadata={"help": "Its tag."})
    digest: str = field(metadata={"help": "What the tag points to; zeros if it is made up."})
    kind: str = field(metadata={"help": "What it is, such as IMAGE or CHART."})
    is_real: bool = field(metadata={"help": "Whether the registry has it."})


MADE_UP = Example("team/app", "1.0", NO_DIGEST, Kind.IMAGE.value, is_real=False)


@dataclass(frozen=True, slots=True)
class Target:
    """One registry as its clients see it.

    ``is_plain`` says that they reach it by plain HTTP; where people use another host than we do
    that is not known, and HTTPS is assumed.
    """

    host: str
    user: str
    example: Example
    is_plain: bool = False
    has_authority: bool = False
    wants_certificate: bool = False

    @property
    def name(self) -> str:
        """The image's repository with the host, as one word of a shell."""
        return shell(f"{self.host}/{self.example.repository}")

    @property
    def by_tag(self) -> str:
        """The image by its tag, as one word of a shell."""
        return shell(f"{self.host}/{self.example.repository}:{self.example.tag}")

    @property
    def by_digest(self) -> str:
        """The image by its digest, as one word of a shell."""
        return shell(f"{self.host}/{self.example.repository}@{self.example.digest}")

    @property
    def short(self) -> str:
        """The last part of the repository's name: for folders and files."""
        return shell(self.example.repository.rpartition("/")[2])

    @property
    def registry(self) -> str:
        """The host as one word of a shell."""
        return shell(self.host)

    @property
    def login(self) -> str:
        """The user's name as one word of a shell."""
        return single_quoted(self.user)

    @property
    def url(self) -> str:
        """Where clients reach it."""
        return f"{'http' if self.is_plain else 'https'}://{self.host}"

    @property
    def hostname(self) -> str:
        """The host without its port."""
        return urlsplit(f"//{self.host}").hostname or self.host

    @property
    def file_name(self) -> str:
        """The host, fit to be part of a file's name."""
        return plain_name(self.host)

    @property
    def is_loopback(self) -> bool:
        """Whether Docker takes it for insecure by itself."""
        with suppress(ValueError):
            return ipaddress.ip_address(self.hostname).is_loopback
        return self.hostname == "localhost"


def target_of(registry: Registry, *, user: str, example: Example) -> Target:
    """Return how clients see a registry, as far as its declaration tells."""
    try:
        declared = declaration_of(registry.slug)
    except UndeclaredRegistryError:
        declared = Declaration(slug=registry.slug, url=registry.base_url)
    url = urlsplit(declared.url)
    is_ours = registry.client_host == url.netloc
    return Target(
        host=registry.client_host,
        user=user,
        example=example,
        is_plain=is_ours and url.scheme == "http",
        has_authority=bool(declared.ca_file or declared.ca_pem),
        wants_certificate=bool(declared.client_cert_file or declared.client_cert_pem),
    )


def example_in(registry: Registry, access: Access, *, repository: str, tag: str) -> Example:
    """Return the image asked for, one of the repository with most tags, or one that is made up."""
    visible = Repository.objects.in_registry(registry).visible_to(access).holding_images()
    if repository and (chosen := visible.filter(name=repository).first()):
        return _example(chosen, tag) or _example(chosen, chosen.newest_tag) or MADE_UP
    largest = visible.exclude(newest_tag="").order_by("-tag_count", "pk").first()
    return (_example(largest, largest.newest_tag) if largest else None) or MADE_UP


def _example(repository: Repository, tag: str) -> Example | None:
    rows = Tag.objects.in_repository(repository).filter(name=tag).select_related("manifest")
    row = rows.first()
    if row is None:
        return None
    return Example(repository.name, row.name, row.manifest.digest, row.manifest.kind, is_real=True)
