"""Checks of what was typed, each for the field that it is about."""

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from registryui.declarations import DeclarationError, from_browser
from registryui.distribution.origins import InvalidUrlError, origin_of
from registryui.registries.fields import Kind, Setting
from registryui.web.sentences import in_own_language

_SLUG = "typed"
_TYPED = f"Registry '{_SLUG}': "
_TYPED_NEEDS = f"Registry '{_SLUG}' needs"
# How _of_one says what is said of a registry without an address.
NEEDS_URL = gettext_noop("It needs a url such as https://registry.example:5000, not {url}.")
SOME_URL = "https://registry.example"
MOST_PEM = 300_000
# Whether these can work depends on each other, so they are checked with all that was typed.
TOGETHER = {"catalog", "namespaces", "vendor_url", "vendor_token"}


def fault_of(setting: Setting, value: object) -> str:
    """Return what is wrong with one setting by itself; empty if nothing is."""
    if setting.kind is Kind.PEM:
        return _pem_fault(setting, str(value)) if value else ""
    if setting.name in TOGETHER:
        return ""
    try:
        from_browser(_SLUG, {"url": SOME_URL, setting.name: value})
    except DeclarationError as error:
        return in_own_language(_of_one(str(error)))
    return ""


def _of_one(words: str) -> str:
    """Return what is said of a registry without its name, as it stands beside a field."""
    return words.removeprefix(_TYPED).replace(_TYPED_NEEDS, "It needs")


def is_elsewhere(url: str, former_url: str) -> bool:
    """Whether an address is on another server than the former one."""
    try:
        return origin_of(url) != origin_of(former_url)
    except InvalidUrlError:
        return True


def _pem_fault(setting: Setting, text: str) -> str:
    if setting.is_secret:
        return _key_fault(text)
    if "PRIVATE KEY" in text:
        return _("There is a private key in it. Paste the certificates alone, and the key below.")
    try:
        x509.load_pem_x509_certificates(text.encode())
    except ValueError:
        return _(
            "This is no certificate in PEM. Paste all of it, from -----BEGIN CERTIFICATE----- to "
            "-----END CERTIFICATE-----."
        )
    return ""


def _key_fault(text: str) -> str:
    try:
        load_pem_private_key(text.encode(), password=None)
    except TypeError:
        return _("The key has a password. Paste it without: openssl pkey -in KEY takes it away.")
    except (ValueError, UnsupportedAlgorithm):
        return _(
            "This is no private key in PEM. Paste all of it, from -----BEGIN … PRIVATE KEY----- on."
        )
    return ""
