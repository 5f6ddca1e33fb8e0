"""Small files that are read again when they have changed, as mounted secrets do."""

import stat
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from registryui.distribution.errors import CredentialsError
from registryui.oci.marking import gettext_noop

Read = TypeVar("Read")
Signature = tuple[int, int, int, int]

MOST_BYTES = 1024 * 1024


class WatchedFile(Generic[Read]):
    """What a file says, as ``understand`` reads it; thread-safe.

    The file is looked at each time and read when it is another one than before: a Kubernetes
    secret is replaced by moving a link, so its name stays and everything else changes.
    """

    def __init__(self, path: str, understand: Callable[[bytes], Read]) -> None:
        self._path = Path(path)
        self._understand = understand
        self._lock = threading.Lock()
        self._kept: tuple[Signature, Read] | None = None

    def read(self) -> Read:
        """Raise CredentialsError when it cannot be read, or whatever ``understand`` raises."""
        with self._lock:
            try:
                signature = self._signature()
                if self._kept is None or self._kept[0] != signature:
                    self._kept = (signature, self._understand(self._content()))
            except OSError as error:
                raise CredentialsError(
                    gettext_noop(
                        "The file with the credentials, {path}, cannot be read: {strerror}. Check "
                        "the path in the settings of this registry, and that the account that "
                        "runs Registry UI may read it."
                    ).format(path=self._path, strerror=error.strerror)
                ) from error
            return self._kept[1]

    def _signature(self) -> Signature:
        found = self._path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise CredentialsError(
                gettext_noop(
                    "{path} is not a file. Give the path of the file itself, such as "
                    "/run/secrets/config.json, in the settings of this registry."
                ).format(path=self._path)
            )
        return (found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size)

    def _content(self) -> bytes:
        with self._path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise CredentialsError(
                gettext_noop(
                    "{path} is larger than any file with credentials. Check the path in the "
                    "settings of this registry."
                ).format(path=self._path)
            )
        return content


def secret_of(content: bytes) -> str:
    """Give the secret in a file of its own, without the line break at its end."""
    return content.decode("utf-8", "replace").rstrip("\r\n")
