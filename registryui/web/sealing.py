"""Seals secrets under the secret key, so that whoever reads the database alone cannot read them."""

import base64
import binascii
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

FORM = "aesgcm1"  # how it is sealed; another way would have another name
PURPOSE = b"registryui sealing 1"
NONCE_BYTES = 12


class SealError(ValueError):
    """A seal cannot be opened: it was made by another key or for another place, or was changed."""


def sealed(text: str, about: str) -> str:
    """Return a text that only ``opened`` with the same ``about`` makes readable again."""
    nonce = os.urandom(NONCE_BYTES)
    cipher = AESGCM(_key_of(settings.SECRET_KEY))
    content = nonce + cipher.encrypt(nonce, text.encode(), about.encode())
    return f"{FORM}.{base64.urlsafe_b64encode(content).decode()}"


def opened(seal: str, about: str) -> str:
    """Return what was sealed, by this secret key or a former one; raise SealError."""
    content = _content(seal)
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            cipher = AESGCM(_key_of(key))
            text = cipher.decrypt(content[:NONCE_BYTES], content[NONCE_BYTES:], about.encode())
        except InvalidTag:
            continue
        return text.decode()
    raise SealError("No key opens it.")


def _content(seal: str) -> bytes:
    form, _, encoded = str(seal).partition(".")
    try:
        content = base64.b64decode(encoded.encode("ascii"), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise SealError("It is no seal.") from error
    if form != FORM or len(content) <= NONCE_BYTES:
        raise SealError("It is no seal.")
    return content


@lru_cache(maxsize=16)
def _key_of(secret_key: str) -> bytes:
    """Derive the key for sealing: the secret key itself signs cookies, too."""
    derive = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=PURPOSE)
    return derive.derive(secret_key.encode())
