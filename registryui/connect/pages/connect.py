"""The page that writes the commands for one registry and one client."""

from dataclasses import dataclass, field

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from registryui.accounts.access import Access
from registryui.catalog.models import Registry
from registryui.catalog.pages.parts import Link, registry_crumb
from registryui.connect.certificates import AuthorityRow, authorities_of
from registryui.connect.doors import reads_diagnoses
from registryui.connect.own_registry import own_registry
from registryui.connect.recipes import Recipe, Tool
from registryui.connect.target import Example, Target, example_in, target_of
from registryui.connect.tools.chosen import TOOLS, tool_called
from registryui.web.pagination import address
from registryui.web.query import text_in

SOMEBODY = "user"
LONGEST_USER = 100


@dataclass(frozen=True, slots=True)
class ToolChoice:
    """A client whose commands can be shown."""

    title: str = field(metadata={"help": "What it is called."})
    url: str = field(metadata={"help": "Address of this page with its commands."})
    is_chosen: bool = field(metadata={"help": "Whether they are shown."})


@dataclass(frozen=True, slots=True)
class Section:
    """What has to be set on a client's machine in one case."""

    key: str = field(metadata={"help": "plain-http, authority, certificate or mirror."})
    title: str = field(metadata={"help": "The case."})
    words: str = field(metadata={"help": "When it is needed."})
    is_open: bool = field(metadata={"help": "Whether this registry is such a case, as declared."})
    recipes: tuple[Recipe, ...] = field(metadata={"help": "What to paste."})


@dataclass(frozen=True, slots=True)
class ConnectPage:
    """How to log in to a registry, push to it and pull from it, with one client."""

    registry: str = field(metadata={"help": "What people call the registry."})
    slug: str = field(metadata={"help": "The registry's name in addresses."})
    host: str = field(metadata={"help": "The host that clients know."})
    url: str = field(metadata={"help": "Address of this page without choices."})
    crumbs: tuple[Link, ...] = field(metadata={"help": "The way up."})
    tool: str = field(metadata={"help": "The client whose commands are shown."})
    tools: tuple[ToolChoice, ...] = field(metadata={"help": "The clients there are."})
    user: str = field(metadata={"help": "The user name that the commands log in with."})
    example: Example = field(metadata={"help": "The image that they are written for."})
    steps: tuple[Recipe, ...] = field(metadata={"help": "The commands, in order."})
    sections: tuple[Section, ...] = field(metadata={"help": "What a machine may have to be told."})
    own: tuple[Recipe, ...] = field(metadata={"help": "How to start a registry of one's own."})
    authorities: tuple[AuthorityRow, ...] = field(
        metadata={"help": "The authorities that this registry's certificate comes from."}
    )
    ca_url: str = field(metadata={"help": "Address of their certificates; empty if none."})
    explain_url: str = field(metadata={"help": "Address that explains error messages."})
    doctor_url: str = field(
        metadata={"help": "Address of what the doctor found; empty if one may not see it."}
    )

    @classmethod
    def build(
        cls, registry: Registry, query: QueryDict, access: Access, *, site: str
    ) -> "ConnectPage":
        """Write the page; ``site`` is scheme and host by which it was asked for."""
        path = reverse("connect", args=[registry.slug])
        tool = tool_called(query.get("tool", ""))
        target = _target(registry, query, access)
        authorities = authorities_of(registry.slug)
        hook_url = site + reverse("hook", args=[registry.slug])
        return cls(
            registry=str(registry),
            slug=registry.slug,
            host=registry.client_host,
            url=path,
            crumbs=(registry_crumb(registry),),
            tool=tool.key,
            tools=tuple(
                ToolChoice(each.title, address(query, path=path, tool=each.key), each is tool)
                for each in TOOLS
            ),
            user=target.user,
            example=target.example,
            steps=tool.steps(target),
            sections=_sections(tool, target),
            own=own_registry(target, hook_url=hook_url),
            authorities=tuple(map(AuthorityRow.of, authorities)),
            ca_url=reverse("connect-ca", args=[registry.slug]) if authorities else "",
            explain_url=reverse("explain"),
            doctor_url=reverse("doctor", args=[registry.slug])
            if reads_diagnoses(access, registry.slug)
            else "",
        )


def _target(registry: Registry, query: QueryDict, access: Access) -> Target:
    example = example_in(
        registry,
        access,
        repository=text_in(query, "repository", most=255),
        tag=text_in(query, "tag", most=128),
    )
    # What cannot be typed at a prompt is nobody's name.
    asked = text_in(query, "user", most=LONGEST_USER)
    user = asked if asked.isprintable() else ""
    return target_of(registry, user=user or access.name or SOMEBODY, example=example)


def _sections(tool: Tool, target: Target) -> tuple[Section, ...]:
    is_plain = target.is_plain and not (tool.key == "docker" and target.is_loopback)
    plain = PLAIN if target.is_plain else NOT_PLAIN
    authority = AUTHORITY if target.has_authority else OTHER_AUTHORITY
    wants_certificate = target.wants_certificate
    cases = (
        ("plain-http", _("Plain HTTP"), plain, is_plain, tool.plain_http),
        (
            "authority",
            _("An authority of its own"),
            authority,
            target.has_authority,
            tool.authority,
        ),
        (
            "certificate",
            _("A client certificate"),
            CERTIFICATE,
            wants_certificate,
            tool.certificate,
        ),
        ("mirror", _("A mirror of Docker Hub"), MIRROR, False, tool.mirror),
    )
    sections = (
        Section(key, title, _(said), is_open, write(target))
        for key, title, said, is_open, write in cases
    )
    return tuple(sorted((each for each in sections if each.recipes), key=lambda s: not s.is_open))


PLAIN = gettext_noop(
    "This registry speaks plain HTTP: anybody in between can read and change what is pulled."
)
NOT_PLAIN = gettext_noop("Only if the registry spoke plain HTTP; as declared it does not.")
AUTHORITY = gettext_noop(
    "This registry's certificate comes from an authority of its own, which each machine has to "
    "know."
)
OTHER_AUTHORITY = gettext_noop(
    "If its certificate comes from an authority that your machine does not know. Ask its "
    "administrator for the authority's certificate, ca.crt."
)
CERTIFICATE = gettext_noop(
    "If the registry lets in only who shows a certificate that its authority has signed."
)
MIRROR = gettext_noop(
    "If this registry keeps copies of Docker Hub's images, to have them from here."
)
