"""The page that says how to make a registry notify us, and whether it does."""

from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from registryui.activity.door import hook_secret_of
from registryui.activity.models import Event
from registryui.activity.pages.rows import EventRow, rows_of
from registryui.catalog.models import Registry
from registryui.catalog.pages.parts import Link, registry_crumb
from registryui.connections import UndeclaredRegistryError, declaration_of
from registryui.declarations import BROWSER, FILE

SECRET = "THE-SECRET"  # noqa: S105  what stands in its place: everybody may see the page
SHOWN = 5

DISTRIBUTION = """notifications:
  endpoints:
    - name: registry-ui
      url: {url}
      headers:
        Authorization: [Bearer {secret}]
      timeout: 2s
      threshold: 5
      backoff: 5s
      ignore:
        mediatypes: [application/octet-stream]
"""
ZOT = """{{
  "extensions": {{
    "events": {{
      "enable": true,
      "sinks": [
        {{
          "type": "http",
          "address": "{url}",
          "timeout": "2s",
          "credentials": {{"username": "registry", "password": "{secret}"}}
        }}
      ]
    }}
  }}
}}
"""
HARBOR = """Notify type:     http
Payload format:  Default (CloudEvents works, too)
Event type:      Artifact pushed, Artifact pulled, Artifact deleted
Endpoint URL:    {url}
Auth header:     Bearer {secret}
"""
DOCKER_HUB = """{url}{secret}/
"""


@dataclass(frozen=True, slots=True)
class Snippet:
    """What to configure on one kind of registry."""

    title: str = field(metadata={"help": "The kind of registry."})
    where: str = field(metadata={"help": "Where it belongs."})
    text: str = field(metadata={"help": "What to write there, THE-SECRET to be replaced."})


@dataclass(frozen=True, slots=True)
class NotificationsPage:
    """How to make one registry tell us at once what is pushed, pulled and deleted."""

    registry: str = field(metadata={"help": "What people call the registry."})
    slug: str = field(metadata={"help": "The registry's name in addresses."})
    crumbs: tuple[Link, ...] = field(metadata={"help": "The way up."})
    hook_url: str = field(metadata={"help": "Where the registry is to send its events."})
    has_secret: bool = field(metadata={"help": "Whether a secret is set; without, none is taken."})
    secret_setting: str = field(metadata={"help": "Where an administrator sets the secret."})
    snippets: tuple[Snippet, ...] = field(metadata={"help": "For each kind of registry."})
    last_received_at: datetime | None = field(metadata={"help": "When the last event arrived."})
    events: tuple[EventRow, ...] = field(metadata={"help": "The last few events."})
    activity_url: str = field(metadata={"help": "Address of all its events."})

    @classmethod
    def build(cls, registry: Registry, *, site: str) -> "NotificationsPage":
        """Read the page; ``site`` is scheme and host by which it was asked for."""
        url = site + reverse("hook", args=[registry.slug])
        rows = Event.objects.filter(registry=registry).select_related("registry")
        events = list(rows.order_by("-pk")[:SHOWN])
        return cls(
            registry=str(registry),
            slug=registry.slug,
            crumbs=(registry_crumb(registry),),
            hook_url=url,
            has_secret=bool(hook_secret_of(registry.slug)),
            secret_setting=_setting(registry.slug),
            snippets=_snippets(url),
            last_received_at=events[0].received_at if events else None,
            events=rows_of(events),
            activity_url=f"{reverse('activity')}?registry={registry.slug}",
        )


def _setting(slug: str) -> str:
    try:
        source = declaration_of(slug).source
    except UndeclaredRegistryError:
        source = FILE
    if source == BROWSER:
        return _("the hook secret in the settings of this registry")
    if source == FILE:
        return _(
            "hook_secret or hook_secret_file in [registries.%(slug)s] of the registries file"
        ) % {"slug": slug}
    return _("%(name)s or %(file)s") % {
        "name": "REGISTRYUI_REGISTRY_HOOK_SECRET",
        "file": "REGISTRYUI_REGISTRY_HOOK_SECRET_FILE",
    }


def _snippets(url: str) -> tuple[Snippet, ...]:
    kinds = (
        (
            _("distribution (docker-registry), and what is made from it"),
            _("In config.yml"),
            DISTRIBUTION,
        ),
        ("zot", _("In config.json"), ZOT),
        ("Harbor", _("A webhook of each project"), HARBOR),
        ("Docker Hub", _("A webhook of each repository, for pushes only"), DOCKER_HUB),
    )
    return tuple(
        Snippet(title, where, template.format(url=url, secret=SECRET))
        for title, where, template in kinds
    )
