"""Secrets that are shown once: made here, and known again by their hash alone."""

import hashlib
import secrets

BYTES = 32  # 256 bits: nobody guesses them, so a plain hash is enough to keep


def new_secret(prefix: str = "") -> tuple[str, str]:
    """Return a random secret and what is kept of it."""
    secret = prefix + secrets.token_urlsafe(BYTES)
    return secret, hash_of(secret)


def hash_of(secret: str) -> str:
    """Return what is kept of a secret.

    It is looked up in the database as it is: how long that takes says something about the hash,
    and nobody can choose a secret by its hash.
    """
    return hashlib.sha256(secret.encode()).hexdigest()
