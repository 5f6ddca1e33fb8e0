"""What can be typed about a registry: one list, of which form, page and checks are made.

A setting is added by a line here, with the name that the declaration has for it.
"""

from dataclasses import dataclass
from enum import Enum, auto

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registryui import sources
from registryui.declarations import SECRETS

Words = str | Promise


class Kind(Enum):
    """How a setting is typed."""

    TEXT = auto()
    PEM = auto()
    LIST = auto()
    WHOLE = auto()
    NUMBER = auto()
    SWITCH = auto()
    CHOICE = auto()


USUAL: dict[Kind, object] = {Kind.SWITCH: True, Kind.LIST: [], Kind.WHOLE: 0, Kind.NUMBER: 0}


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing to type; it is a secret if the declaration calls it one.

    ``preset`` is what it is unless somebody types something else, where the kind does not tell.
    """

    name: str
    label: Words
    help: Words = ""
    kind: Kind = Kind.TEXT
    is_required: bool = False
    is_wide: bool = False
    preset: object = None
    choices: tuple[tuple[str, Words], ...] = ()

    @property
    def usual(self) -> object:
        """What it is where nothing was typed."""
        return USUAL.get(self.kind, "") if self.preset is None else self.preset

    @property
    def is_secret(self) -> bool:
        """Whether it is sealed, and never shown again."""
        return self.name in SECRETS


@dataclass(frozen=True, slots=True)
class Group:
    """Settings that belong together; those that few registries need are folded away."""

    title: Words
    explanation: Words
    settings: tuple[Setting, ...]
    is_needed: bool = False


GROUPS = (
    Group(
        _("Where it is"),
        "",
        (
            Setting(
                "url",
                _("Address"),
                _("As Registry UI reaches it: https://registry.example:5000. A path is allowed."),
                is_required=True,
            ),
            Setting("title", _("Title"), _("What people call it. Empty: its host.")),
            Setting(
                "public_host",
                _("Public host"),
                _("The host in pull commands, if people know it by another name."),
            ),
        ),
        is_needed=True,
    ),
    Group(
        _("Signing in"),
        _("All empty: as anybody. An account that may pull is enough to read."),
        (
            Setting("username", _("User name")),
            Setting("password", _("Password"), _("Or an access token in its place.")),
            Setting(
                "identity_token", _("Identity token"), _("An OAuth2 refresh token, if it gave one.")
            ),
            Setting(
                "registry_token", _("Registry token"), _("A bearer token that is sent as it is.")
            ),
        ),
        is_needed=True,
    ),
    Group(
        _("Encryption"),
        _("Only for an authority of its own, or client certificates. All as PEM."),
        (
            Setting(
                "ca_pem",
                _("Certificates of its authority"),
                _(
                    "All from -----BEGIN to -----END. Trusted beside the system's, for this"
                    " registry alone."
                ),
                Kind.PEM,
                is_wide=True,
            ),
            Setting("client_cert_pem", _("Client certificate"), "", Kind.PEM),
            Setting("client_key_pem", _("Key of the client certificate"), "", Kind.PEM),
            Setting(
                "tls_verify",
                _("Verify its certificate"),
                _("Otherwise anybody in between can pretend to be it, and read the password."),
                Kind.SWITCH,
                is_wide=True,
            ),
        ),
    ),
    Group(
        _("Its list of repositories"),
        _("Only for registries that do not list them all by themselves."),
        (
            Setting(
                "catalog",
                _("Where the list comes from"),
                "",
                Kind.CHOICE,
                preset=sources.AUTO,
                choices=(
                    (sources.AUTO, _("its own catalog")),
                    (sources.OFF, _("nowhere: what is watched is visited")),
                    *sources.VENDORS.items(),
                ),
            ),
            Setting(
                "namespaces",
                _("Namespaces"),
                _("Users, organisations, groups or projects that the vendor's API is to list."),
                Kind.LIST,
            ),
            Setting(
                "repositories",
                _("Watched repositories"),
                _("Names, or patterns with * for any text; more can be added on its page."),
                Kind.LIST,
            ),
            Setting(
                "vendor_url",
                _("Address of the vendor's API"),
                _("Empty: where that vendor usually has it."),
            ),
            Setting(
                "vendor_token",
                _("Token for the vendor's API"),
                _("Empty: the account above is used where the vendor takes it."),
            ),
            Setting(
                "rate_limit_reserve",
                _("Pulls kept in reserve, in percent"),
                _("Where pulls are counted, as Docker Hub does: syncs leave so many to others."),
                Kind.WHOLE,
                preset=10,
            ),
        ),
    ),
    Group(
        _("Other hosts"),
        _("Only for registries that use servers in private networks, or under foreign names."),
        (
            Setting(
                "token_hosts",
                _("Token hosts"),
                _("Hosts, separated by commas, that may be sent the password."),
                Kind.LIST,
            ),
            Setting(
                "storage_hosts",
                _("Storage hosts"),
                _("Hosts in private networks to which downloads may be redirected."),
                Kind.LIST,
            ),
        ),
    ),
    Group(
        _("Syncs and notifications"),
        _("How often and how fast it is read, and what it sends by itself."),
        (
            Setting(
                "sync_interval",
                _("Seconds between two syncs"),
                _("Empty: as all registries."),
                Kind.WHOLE,
            ),
            Setting(
                "full_revalidation_interval",
                _("Seconds between two full syncs"),
                _("Those that look at every known tag again. Empty: each sync does."),
                Kind.WHOLE,
            ),
            Setting(
                "most_requests_at_once",
                _("Requests at once"),
                _("At most, over all workers. Empty: as all registries."),
                Kind.WHOLE,
            ),
            Setting(
                "most_requests_per_second",
                _("Requests per second"),
                _("At most, over all workers. Empty: no limit."),
                Kind.NUMBER,
            ),
            Setting(
                "hook_secret",
                _("Hook secret"),
                _("What the registry sends with its notifications; at least 16 characters."),
            ),
        ),
    ),
)
ALL = tuple(setting for group in GROUPS for setting in group.settings)
# Secrets that are sent to the registry, so not to another one unless they are typed again.
SENT = ("password", "identity_token", "registry_token", "vendor_token")
