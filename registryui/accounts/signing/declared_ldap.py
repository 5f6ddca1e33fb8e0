"""What the environment says about an LDAP directory, read before Django is there."""

from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from registryui.accounts.signing.declared import HERE, SignInDeclarationError

BACKEND = "registryui.accounts.signing.directory.DirectoryBackend"
SECONDS = 5  # a person waits, and a directory that is down must not stop local accounts
# How a group names its members: the attribute, and the class of django-auth-ldap that reads it.
GROUP_TYPES = {
    "member": "GroupOfNamesType",
    "uniqueMember": "GroupOfUniqueNamesType",
    "memberUid": "PosixGroupType",
    "nested": "NestedGroupOfNamesType",
}


def ldap_from(env: Any) -> dict[str, Any]:
    """Return the settings of django-auth-ldap; nothing if no directory is declared."""
    url = env.str("REGISTRYUI_LDAP_URL", default="")
    if not url:
        return {}
    if find_spec("django_auth_ldap") is None:
        raise SignInDeclarationError(
            "REGISTRYUI_LDAP_URL needs two more packages: "
            "pip install --require-hashes -r requirements-ldap.txt"
        )
    uses_tls = env.bool("REGISTRYUI_LDAP_START_TLS", default=False)
    _check(url, uses_tls=uses_tls)
    return {
        "AUTH_LDAP_SERVER_URI": url,
        "AUTH_LDAP_START_TLS": uses_tls,
        "AUTH_LDAP_BIND_DN": env.str("REGISTRYUI_LDAP_BIND_DN", default=""),
        "AUTH_LDAP_BIND_PASSWORD": env.str("REGISTRYUI_LDAP_BIND_PASSWORD", default="").strip(),
        "AUTH_LDAP_CONNECTION_OPTIONS": _options(env),
        "AUTH_LDAP_FIND_GROUP_PERMS": False,
        **_searches(env),
    }


def _check(url: str, *, uses_tls: bool) -> None:
    address = urlsplit(url)
    if address.scheme not in {"ldap", "ldaps"} or not address.hostname:
        raise SignInDeclarationError(
            f"REGISTRYUI_LDAP_URL must look like ldaps://ldap.example, it is “{url}”."
        )
    if address.scheme == "ldap" and not uses_tls and address.hostname not in HERE:
        raise SignInDeclarationError(
            "Passwords would go to the directory in the clear: use ldaps:// in "
            "REGISTRYUI_LDAP_URL, or set REGISTRYUI_LDAP_START_TLS=1."
        )


def _options(env: Any) -> dict[int, Any]:
    import ldap  # noqa: PLC0415 - an extra that not everybody has

    options = {
        ldap.OPT_NETWORK_TIMEOUT: SECONDS,
        ldap.OPT_TIMEOUT: SECONDS,
        ldap.OPT_REFERRALS: 0,
        ldap.OPT_X_TLS_REQUIRE_CERT: ldap.OPT_X_TLS_DEMAND,
    }
    if path := env.str("REGISTRYUI_LDAP_CA_FILE", default=""):
        options[ldap.OPT_X_TLS_CACERTFILE] = path
    # Only with this last one do those about TLS count for the connection.
    return {**options, ldap.OPT_X_TLS_NEWCTX: 0}


def _searches(env: Any) -> dict[str, Any]:
    import ldap  # noqa: PLC0415 - an extra that not everybody has
    from django_auth_ldap import config  # noqa: PLC0415 - likewise

    base = env.str("REGISTRYUI_LDAP_USER_BASE", default="")
    if not base:
        raise SignInDeclarationError(
            "REGISTRYUI_LDAP_USER_BASE must say below which entry people are, such as "
            "ou=people,dc=example"
        )
    people = env.str("REGISTRYUI_LDAP_USER_FILTER", default="(uid=%(user)s)")
    found: dict[str, Any] = {
        "AUTH_LDAP_USER_SEARCH": config.LDAPSearch(base, ldap.SCOPE_SUBTREE, people),
        "LDAP_HAS_GROUPS": False,
    }
    if groups := env.str("REGISTRYUI_LDAP_GROUP_BASE", default=""):
        kind = env.str("REGISTRYUI_LDAP_GROUP_TYPE", default="member")
        if kind not in GROUP_TYPES:
            raise SignInDeclarationError(
                f"REGISTRYUI_LDAP_GROUP_TYPE is one of {', '.join(GROUP_TYPES)}, not “{kind}”."
            )
        which = env.str("REGISTRYUI_LDAP_GROUP_FILTER", default="(cn=*)")
        found["AUTH_LDAP_GROUP_SEARCH"] = config.LDAPSearch(groups, ldap.SCOPE_SUBTREE, which)
        found["AUTH_LDAP_GROUP_TYPE"] = getattr(config, GROUP_TYPES[kind])(name_attr="cn")
        found["LDAP_HAS_GROUPS"] = True
    return found
