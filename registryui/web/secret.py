"""The secret key that is made when nobody sets one."""

import secrets
from contextlib import suppress
from pathlib import Path


def kept_secret(path: Path) -> str:
    """Return the secret kept in a file that only we may read; made by whoever comes first.

    Several processes may start at once. Each writes a file of its own and links it to the name,
    which only the first can; so nobody ever reads half a secret.
    """
    if not path.exists():
        own = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        own.touch(mode=0o600)
        own.write_text(secrets.token_urlsafe(50), encoding="utf-8")
        with suppress(FileExistsError):
            path.hardlink_to(own)
        own.unlink()
    return path.read_text(encoding="utf-8").strip()
