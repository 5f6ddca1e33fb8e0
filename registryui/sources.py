"""Where a registry's list of repositories comes from: what can be set, and what of it can work."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from registryui.oci.marking import gettext_noop
from registryui.oci.reference import hub_repository, is_docker_hub, is_repository_name

AUTO, OFF = "auto", "off"
# What people call the API of each vendor that is asked instead of the registry's catalog.
VENDORS = {
    "docker-hub": "Docker Hub",
    "ghcr": "GitHub",
    "gitlab": "GitLab",
    "harbor": "Harbor",
    "google": "Google",
    "zot": "zot",
}
CATALOGS = (AUTO, OFF, *VENDORS)

MOST_STARS = 8
# None of these lists all that one may see in one list.
_NEED_NAMESPACES = {
    "docker-hub": gettext_noop("users or organisations"),
    "ghcr": gettext_noop("users or organisations"),
    "gitlab": gettext_noop("groups or projects"),
    "google": gettext_noop("projects or repositories"),
}
_NOT_KNOWN = gettext_noop("catalog must be one of {known}, not {value}.")
_NO_REPOSITORY = gettext_noop(
    "repositories has {value}, which names no repository. Write names in lower case "
    "without the registry and without a tag, with * for any text: team-a/*"
)
_NO_NAMESPACE = gettext_noop(
    "namespaces has {value}. Write them as addresses do: letters, digits, . _ - /"
)
_NO_VENDOR = gettext_noop("{name} is for the API of a vendor. Set catalog to one of {vendors}.")
_NO_ADDRESS = gettext_noop(
    "vendor_url must be an address such as https://api.example, not {value}."
)
_NEEDS_URL = gettext_noop(
    "catalog = gitlab needs vendor_url: the address of GitLab, https://gitlab.example."
)
_NEEDS_USERNAME = gettext_noop(
    "catalog = {catalog} takes vendor_token as a password: set username, too."
)
_NEEDS_NAMESPACES = gettext_noop("catalog = {catalog} needs namespaces: the {what} to list.")
_WITH_STARS = re.compile(r"[a-z0-9._/*-]{1,255}")
_NAMESPACE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/:-]{0,254}")


def is_watchable(text: str) -> bool:
    """Say whether a text names repositories: one by its name, or many with ``*`` for any text."""
    if "*" not in text:
        return is_repository_name(text)
    return _WITH_STARS.fullmatch(text) is not None and text.count("*") <= MOST_STARS


def whole_name(text: str, base_url: str) -> str:
    """Return what a name or pattern is in full: Docker Hub's ``nginx`` is ``library/nginx``."""
    if "*" in text or not is_docker_hub(urlsplit(base_url).hostname or ""):
        return text
    return hub_repository(text)


def problem_of(settings: Mapping[str, object]) -> str:
    """Return what is wrong with the settings of a registry's list, as a sentence; "" if nothing."""
    catalog = str(settings.get("catalog", AUTO))
    if catalog not in CATALOGS:
        return _NOT_KNOWN.format(known=", ".join(CATALOGS), value=repr(catalog))
    for name in _texts(settings, "repositories"):
        if not is_watchable(name):
            return _NO_REPOSITORY.format(value=repr(name))
    for name in _texts(settings, "namespaces"):
        if not _NAMESPACE.fullmatch(name):
            return _NO_NAMESPACE.format(value=repr(name))
    return _problem_of_vendor(catalog, settings)


def _problem_of_vendor(catalog: str, settings: Mapping[str, object]) -> str:
    url = str(settings.get("vendor_url", ""))
    if catalog not in VENDORS:
        given = [
            name for name in ("vendor_url", "vendor_token", "namespaces") if settings.get(name)
        ]
        if given:
            return _NO_VENDOR.format(name=given[0], vendors=", ".join(VENDORS))
        return ""
    if url and not _is_address(url):
        return _NO_ADDRESS.format(value=repr(url))
    if catalog == "gitlab" and not url:
        return _NEEDS_URL
    is_password = catalog in {"docker-hub", "harbor"} and settings.get("vendor_token")
    if is_password and not settings.get("username"):
        return _NEEDS_USERNAME.format(catalog=catalog)
    if catalog in _NEED_NAMESPACES and not settings.get("namespaces"):
        return _NEEDS_NAMESPACES.format(catalog=catalog, what=_NEED_NAMESPACES[catalog])
    return ""


def _texts(settings: Mapping[str, object], name: str) -> tuple[str, ...]:
    value = settings.get(name, ())
    return tuple(map(str, value)) if isinstance(value, tuple) else ()


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        is_whole = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # of a host in brackets, or of a port
        return False
    return is_whole and "@" not in parts.netloc and not set("?# ") & set(url)
