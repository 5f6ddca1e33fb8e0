"""What the environment says about signing in, read before Django is there."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
HERE = {"127.0.0.1", "localhost", "::1"}


class SignInDeclarationError(ValueError):
    """A sign-in service is declared in a way that cannot work; the message says what to change."""


@dataclass(frozen=True, slots=True)
class Provider:
    """One OpenID Connect provider as an administrator declared it."""

    slug: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str = ""
    groups_claim: str = "groups"
    scopes: str = "openid profile"

    def __post_init__(self) -> None:
        """Refuse what cannot work, or would send secrets in the clear."""
        address = urlsplit(self.issuer)
        is_safe = address.scheme == "https" or (
            address.scheme == "http" and address.hostname in HERE
        )
        if not SLUG.fullmatch(self.slug):
            raise SignInDeclarationError(
                f"“{self.slug}” cannot be a name in addresses: use a-z, 0-9 and - between them."
            )
        if not is_safe:
            raise SignInDeclarationError(
                f"The issuer of {self.slug} must begin with https://, it is “{self.issuer}”."
            )
        if not (self.client_id and self.client_secret):
            raise SignInDeclarationError(f"{self.slug} needs a client id and a client secret.")


def providers_from(env: Any) -> tuple[Provider, ...]:
    """Return the one provider of the environment, as slug ``oidc``, and those of the file."""
    values = {
        "issuer": env.str("REGISTRYUI_OIDC_ISSUER", default=""),
        "client_id": env.str("REGISTRYUI_OIDC_CLIENT_ID", default=""),
        "client_secret": env.str("REGISTRYUI_OIDC_CLIENT_SECRET", default=""),
        "name": env.str("REGISTRYUI_OIDC_NAME", default=""),
        "groups_claim": env.str("REGISTRYUI_OIDC_GROUPS_CLAIM", default=""),
        "scopes": env.str("REGISTRYUI_OIDC_SCOPES", default=""),
    }
    given = {name: value for name, value in values.items() if value}
    one = (_provider("oidc", given),) if given else ()
    path = env.str("REGISTRYUI_OIDC_PROVIDERS_FILE", default="")
    return one + (providers_in(Path(path)) if path else ())


def providers_in(path: Path) -> tuple[Provider, ...]:
    """Return the providers of the ``[providers.SLUG]`` tables of a TOML file, in their order."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8")).get("providers", {})
        return tuple(_provider(slug, _with_secret(table)) for slug, table in tables.items())
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SignInDeclarationError(f"{path} cannot be read: {error}") from error
    except AttributeError as error:
        raise SignInDeclarationError(f"{path} needs tables [providers.NAME].") from error


def as_apps(providers: Iterable[Provider]) -> list[dict[str, Any]]:
    """Return the providers as django-allauth wants them."""
    return [
        {
            "provider_id": each.slug,
            "name": each.name or urlsplit(each.issuer).hostname,
            "client_id": each.client_id,
            "secret": each.client_secret,
            "settings": {
                "server_url": each.issuer.rstrip("/"),
                "scope": each.scopes.split(),
                "oauth_pkce_enabled": True,
                "groups_claim": each.groups_claim,
            },
        }
        for each in providers
    ]


def networks_in(texts: Iterable[str]) -> tuple[IPv4Network | IPv6Network, ...]:
    """Return the networks of a list such as ``10.0.0.0/8,::1``; raise ValueError for others."""
    return tuple(ip_network(text.strip(), strict=False) for text in texts if text.strip())


def _provider(slug: str, values: Mapping[str, Any]) -> Provider:
    known = {each.name for each in fields(Provider)} - {"slug"}
    if unknown := values.keys() - known:
        raise SignInDeclarationError(f"{slug} has a setting nobody knows: {min(unknown)}.")
    wrong = [name for name, value in values.items() if not isinstance(value, str)]
    if wrong:
        raise SignInDeclarationError(f"{wrong[0]} of {slug} must be text, in quotes.")
    return Provider(**{"slug": slug, "issuer": "", "client_id": "", "client_secret": "", **values})


def _with_secret(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return a table whose secret was read from the file that it names."""
    values = dict(table)
    if path := values.pop("client_secret_file", ""):
        values["client_secret"] = Path(path).read_text(encoding="utf-8").strip()
    return values
