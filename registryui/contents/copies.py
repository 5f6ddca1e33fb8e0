"""Copies of unpacked layers and of single files on disk, so that opening one needs no registry.

They are a cache: bounded, shared by all processes of a machine, and of no loss. A copy appears by
an atomic rename when it is whole and verified; what was opened longest ago goes first.
"""

import hashlib
import logging
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from registryui.contents.reading.frames import BadCopyError, FrameReader, FrameWriter

logger = logging.getLogger(__name__)

# Unpacked layers, single files of them, and blobs as they are stored.
LAYER, FILE, BLOB = "layer", "file", "blob"
UNFINISHED = ".part"
# Nobody writes for longer: what is older was left by a process that died.
UNFINISHED_SECONDS = 24 * 60 * 60


@dataclass(slots=True)
class Draft:
    """A copy being written; it is kept only if ``is_good`` was set."""

    file: BinaryIO
    writer: FrameWriter
    is_good: bool = False

    @property
    def size_bytes(self) -> int:
        """How large it is."""
        return self.writer.size_bytes

    def restart(self) -> None:
        """Begin again, after what was written came from a download that broke off."""
        self.file.seek(0)
        self.file.truncate()
        self.writer = FrameWriter(self.file)


class Parts:
    """The bytes of a file, piece by piece; its copy is closed after the last, or by ``close``."""

    def __init__(self, parts: Iterator[bytes], file: BinaryIO | None = None) -> None:
        self._parts = parts
        self._file = file

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._parts
        finally:
            self.close()

    def close(self) -> None:
        """Close the copy."""
        if self._file is not None:
            self._file.close()


@dataclass(frozen=True, slots=True)
class Copies:
    """The copies in one directory."""

    directory: Path
    most_bytes: int

    @contextmanager
    def writing(self, kind: str, encoded: str) -> Iterator[Draft]:
        """Write a copy of what has this digest; the caller says whether it became good."""
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = self._path(kind, encoded).name
        descriptor, unfinished = tempfile.mkstemp(UNFINISHED, f"{name}.", self.directory)
        try:
            with os.fdopen(descriptor, "wb") as file:
                draft = Draft(file, FrameWriter(file))
                yield draft
                if draft.is_good:
                    draft.writer.finish()
            if draft.is_good:
                Path(unfinished).replace(self._path(kind, encoded))
                self.evict()
        finally:
            Path(unfinished).unlink(missing_ok=True)

    def read(self, kind: str, encoded: str, offset: int, size: int) -> "Parts | None":
        """Return a part of what was copied, piece by piece; None if there is no copy of use."""
        path = self._path(kind, encoded)
        try:
            file = path.open("rb")
        except OSError:
            return None
        with suppress(OSError):
            os.utime(path)
        try:
            return Parts(FrameReader(file).read(offset, size), file)
        except BadCopyError:
            file.close()
            logger.warning("The copy %s is damaged and was removed", path.name)
            path.unlink(missing_ok=True)
            return None

    def has(self, kind: str, encoded: str) -> bool:
        """Say whether there is a copy."""
        return self._path(kind, encoded).exists()

    def evict(self) -> None:
        """Remove what was opened longest ago until the rest is within the limit."""
        copies = [(stat.st_mtime, stat.st_size, path) for path, stat in self._listed()]
        excess = sum(size for _, size, _ in copies) - self.most_bytes
        for _, size, path in sorted(copies, key=lambda copy: copy[:2]):
            if excess <= 0:
                break
            path.unlink(missing_ok=True)
            excess -= size

    def _listed(self) -> Iterator[tuple[Path, os.stat_result]]:
        forgotten = time.time() - UNFINISHED_SECONDS
        for path in self.directory.iterdir():
            try:
                stat = path.stat()
            except OSError:
                continue  # another process removed it
            if path.suffix == UNFINISHED:
                if stat.st_mtime < forgotten:
                    path.unlink(missing_ok=True)
                continue
            yield path, stat

    def _path(self, kind: str, encoded: str) -> Path:
        # Hexadecimal digits of a parsed digest: nothing that leads elsewhere.
        return self.directory / f"{encoded}.{kind}"


def name_of_file(layer: str, sha256: str) -> str:
    """Return what the copy of one file of a layer is called.

    Only together with its layer: a list of files may name the sum of a file that whoever wrote it
    has never had, and must not be given somebody else's copy for that.
    """
    return hashlib.sha256(f"{layer} {sha256}".encode()).hexdigest()


def copies() -> Copies:
    """Return the copies of this installation."""
    return Copies(settings.FILES_DIR, settings.FILES_CACHE_BYTES)
