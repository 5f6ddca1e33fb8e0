"""What is declared of a registry: in the environment, in a TOML file, or in the browser."""

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from urllib.parse import urlsplit

from registryui import sources
from registryui.oci.marking import gettext_noop
from registryui.oci.reference import DOCKER_HUB, is_docker_hub

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
ENVIRONMENT_PREFIX = "REGISTRYUI_REGISTRY_"
ENVIRONMENT, FILE, BROWSER = "environment", "file", "browser"  # where it is declared

_OF_REGISTRY = gettext_noop("Registry {slug}: {sentence}")
_WAYS = gettext_noop("Registry {slug} has more than one way to sign in: {ways}. Keep one.")
_BAD_WHOLE_NUMBER = gettext_noop("{name} must be a whole number from 0 to {most}, not {value}.")
_BAD_NUMBER = gettext_noop("{name} must be a number from 0 to {most}, not {value}.")
_SHORT_SECRET = gettext_noop(
    "hook_secret must have at least {count} characters; openssl rand -hex 24 makes a good one."
)
_NO_URL = gettext_noop(
    "Registry {slug} needs a url such as https://registry.example:5000, not {url}."
)
_FULL_URL = gettext_noop(
    "the url must hold neither credentials nor a query; set username and password instead."
)


class DeclarationError(ValueError):
    """A registry is declared in a way that cannot work; the message says what to change."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """One registry as an administrator declared it; secrets stay out of its repr."""

    slug: str
    url: str
    title: str = ""
    public_host: str = ""
    username: str = ""
    password: str = field(default="", repr=False)
    password_file: str = ""
    identity_token: str = field(default="", repr=False)
    identity_token_file: str = ""
    registry_token: str = field(default="", repr=False)
    registry_token_file: str = ""
    auth_file: str = ""
    auth_config: str = field(default="", repr=False)
    credential_helper: str = ""
    ca_file: str = ""
    client_cert_file: str = ""
    client_key_file: str = ""
    tls_verify: bool = True
    token_hosts: tuple[str, ...] = ()
    storage_hosts: tuple[str, ...] = ()
    hook_secret: str = field(default="", repr=False)
    most_requests_at_once: int = 0
    most_requests_per_second: float = 0
    sync_interval: int = 0
    full_revalidation_interval: int = 0
    catalog: str = sources.AUTO
    repositories: tuple[str, ...] = ()
    namespaces: tuple[str, ...] = ()
    vendor_url: str = ""
    vendor_token: str = field(default="", repr=False)
    rate_limit_reserve: int = 10
    ca_pem: str = ""
    client_cert_pem: str = ""
    client_key_pem: str = field(default="", repr=False)
    source: str = ENVIRONMENT

    @property
    def client_host(self) -> str:
        """The host that people type after ``docker pull``; the URL's own unless said otherwise.

        Docker Hub is called ``docker.io`` by whatever name it was declared.
        """
        host = urlsplit(self.url).netloc.rpartition("@")[2]
        return self.public_host or (DOCKER_HUB if is_docker_hub(host) else host)


# What must be a number, with the largest that makes sense; 0 is "as usual", and no reserve.
WHOLE_NUMBERS = {
    "most_requests_at_once": 1000,
    "sync_interval": 30 * 86400,
    "full_revalidation_interval": 30 * 86400,
    "rate_limit_reserve": 100,
}
MOST_PER_SECOND = 100_000

# In the browser the text itself is pasted: what somebody types there names no file of the server.
PASTED = ("ca_pem", "client_cert_pem", "client_key_pem")
SETTABLE = tuple(f.name for f in fields(Declaration) if f.name not in {"slug", "source", *PASTED})
FILES = (
    *("ca_file", "client_cert_file", "client_key_file", "auth_file", "auth_config"),
    *("credential_helper", "password_file", "identity_token_file", "registry_token_file"),
)
TYPEABLE = tuple(name for name in (*SETTABLE, *PASTED) if name not in FILES)
SECRETS = (
    *("password", "identity_token", "registry_token", "client_key_pem", "hook_secret"),
    "vendor_token",
)
# Secrets that may be in a file of their own, by the setting that names the file.
SECRET_FILES = {
    "password_file": "password",
    "identity_token_file": "identity_token",
    "registry_token_file": "registry_token",
    "hook_secret_file": "hook_secret",
    "vendor_token_file": "vendor_token",
}
SET = frozenset((*SETTABLE, *SECRET_FILES))  # what settings may say of a registry
# Each of these is enough to sign in; two would leave open which one counts.
WAYS_TO_SIGN_IN = (
    "password",
    "identity_token",
    "registry_token",
    "auth_file",
    "auth_config",
    "credential_helper",
)
# What may be several things, and what they are.
LISTS = {
    "token_hosts": "host names",
    "storage_hosts": "host names",
    "repositories": "names of repositories",
    "namespaces": "names",
}
SHORTEST_HOOK_SECRET = 16


def from_environment(environment: Mapping[str, str]) -> tuple[Declaration, ...]:
    """Return what ``REGISTRYUI_REGISTRY_*`` declares, as slug ``default``; nothing if unset."""
    values = {
        name.removeprefix(ENVIRONMENT_PREFIX).lower(): value
        for name, value in environment.items()
        if name.startswith(ENVIRONMENT_PREFIX) and value != ""
    }
    if not values:
        return ()
    return (_declaration("default", values, source=ENVIRONMENT, known=SET),)


def from_file(path: Path) -> tuple[Declaration, ...]:
    """Return the registries of the ``[registries.SLUG]`` tables of a TOML file, in their order.

    Raise DeclarationError when the file cannot be read or a table cannot work.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DeclarationError(f"{path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DeclarationError(f"{path} is not valid TOML: {error}.") from error
    tables = document.get("registries")
    if not isinstance(tables, dict) or not tables:
        raise DeclarationError(f"{path} declares no registry: add a table [registries.NAME].")
    return tuple(
        _declaration(slug, table, source=FILE, known=SET) for slug, table in tables.items()
    )


def from_browser(slug: str, values: Mapping[str, object]) -> Declaration:
    """Return what an administrator typed; raise DeclarationError when it cannot work."""
    return _declaration(slug, dict(values), source=BROWSER, known=frozenset(TYPEABLE))


def _declaration(slug: str, values: object, *, source: str, known: Collection[str]) -> Declaration:
    if not SLUG.fullmatch(slug):
        raise DeclarationError(
            f"The registry name {slug!r} cannot be part of an address: "
            "use lower-case letters, digits and single hyphens."
        )
    if not isinstance(values, dict):
        raise DeclarationError(f"[registries.{slug}] must be a table of settings.")
    if unknown := sorted(set(values) - set(known)):
        raise DeclarationError(
            f"Registry {slug!r} has an unknown setting {unknown[0]!r}. "
            f"Known: {', '.join(sorted(known))}."
        )
    settings: dict[str, object] = {
        name: _value(slug, name, value) for name, value in values.items()
    }
    for name, secret in SECRET_FILES.items():
        if path := settings.get(name, ""):
            settings[secret] = read_secret(Path(str(path)))
    # Files of the login are read again when they change, so their paths stay.
    for name in ("hook_secret_file", "vendor_token_file"):
        settings.pop(name, None)
    _check_ways(slug, settings)
    _check_hook_secret(slug, str(settings.get("hook_secret", "")))
    _check_url(slug, str(settings.get("url", "")))
    if problem := sources.problem_of(settings):
        raise DeclarationError(_OF_REGISTRY.format(slug=repr(slug), sentence=problem))
    return Declaration(slug=slug, source=source, **settings)  # type: ignore[arg-type]  # by _value


def _value(slug: str, name: str, value: object) -> object:
    if name == "tls_verify":
        return _boolean(slug, name, value)
    if name in WHOLE_NUMBERS:
        return int(_number(slug, name, value, most=WHOLE_NUMBERS[name]))
    if name == "most_requests_per_second":
        return _number(slug, name, value, most=MOST_PER_SECOND)
    if name in LISTS:
        parts = value.split(",") if isinstance(value, str) else value
        if isinstance(parts, list) and all(isinstance(part, str) for part in parts):
            return tuple(part.strip() for part in parts if part.strip())
        raise DeclarationError(f"Registry {slug!r}: {name} must be a list of {LISTS[name]}.")
    if not isinstance(value, str):
        raise DeclarationError(f"Registry {slug!r}: {name} must be a text.")
    return value


def _boolean(slug: str, name: str, value: object) -> bool:
    words = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    word = str(value).lower()
    if word not in words:
        raise DeclarationError(f"Registry {slug!r}: {name} must be true or false, not {value!r}.")
    return words[word]


def _number(slug: str, name: str, value: object, *, most: int) -> float:
    try:
        number = float(str(value))
    except ValueError:
        number = -1
    # "nan" is a float to Python, too, but never in between.
    if not 0 <= number <= most or (name in WHOLE_NUMBERS and not number.is_integer()):
        form = _BAD_WHOLE_NUMBER if name in WHOLE_NUMBERS else _BAD_NUMBER
        words = form.format(name=name, most=f"{most:,}", value=repr(value))
        raise DeclarationError(_OF_REGISTRY.format(slug=repr(slug), sentence=words))
    return number


def _check_ways(slug: str, settings: Mapping[str, object]) -> None:
    ways = [name for name in WAYS_TO_SIGN_IN if settings.get(name)]
    if len(ways) > 1:
        raise DeclarationError(_WAYS.format(slug=repr(slug), ways=" and ".join(ways)))


def _check_hook_secret(slug: str, secret: str) -> None:
    if secret and len(secret) < SHORTEST_HOOK_SECRET:
        words = _SHORT_SECRET.format(count=SHORTEST_HOOK_SECRET)
        raise DeclarationError(_OF_REGISTRY.format(slug=repr(slug), sentence=words))


def _check_url(slug: str, url: str) -> None:
    try:
        parts = urlsplit(url)
    except ValueError:  # brackets that hold no address
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise DeclarationError(_NO_URL.format(slug=repr(slug), url=repr(url)))
    if parts.username or parts.password or parts.query or parts.fragment:
        raise DeclarationError(_OF_REGISTRY.format(slug=repr(slug), sentence=_FULL_URL))


def check_web_address(url: str) -> None:
    """Raise DeclarationError for what is no address of a web API: scheme, host, and a path."""
    parts = urlsplit(url)
    is_web = parts.scheme in {"http", "https"} and parts.hostname
    if not is_web or parts.username or parts.query or parts.fragment:
        raise DeclarationError(f"it must be like https://hub.example, not {url!r}.")


def read_secret(path: Path) -> str:
    """Return a secret from its file, without the line break at its end."""
    try:
        return path.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise DeclarationError(f"The secret file {path} cannot be read: {error}.") from error
