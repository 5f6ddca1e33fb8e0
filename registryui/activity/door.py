"""Who may tell us something about a registry: whoever knows its secret."""

import base64
import binascii
import hmac

from registryui.connections import UndeclaredRegistryError, declaration_of


def is_let_in(slug: str, *, authorization: str, in_address: str) -> bool:
    """Say whether a sender knows the registry's secret; nobody does while none is set.

    It comes as ``Bearer SECRET``, as the password of ``Basic``, as the whole ``Authorization``
    header (which is what Harbor sends), or in the address, for senders that can set no header.
    """
    expected = hook_secret_of(slug)
    if not expected:
        return False
    candidates = [in_address, *_in_header(authorization)]
    # All are compared, so that the time tells nothing.
    return any([_is_same(candidate, expected) for candidate in candidates])  # noqa: C419


def hook_secret_of(slug: str) -> str:
    """Return the secret of a registry's notifications; empty when none is set."""
    try:
        return declaration_of(slug).hook_secret
    except UndeclaredRegistryError:
        return ""


def _in_header(authorization: str) -> list[str]:
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() == "basic":
        return [_password_in(value.strip())]
    if scheme.lower() == "bearer":
        return [value.strip()]
    return [authorization]


def _password_in(value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).decode().partition(":")[2]
    except (binascii.Error, ValueError):
        return ""


def _is_same(candidate: str, expected: str) -> bool:
    return hmac.compare_digest(
        candidate.encode("utf-8", "replace"), expected.encode("utf-8", "replace")
    )
