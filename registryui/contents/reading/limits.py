"""How much of a layer is read, and how long: a layer is made by strangers."""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from registryui.contents.reading.errors import TooMuchError
from registryui.oci.marking import gettext_noop

KIB, MIB, GIB = 1024, 1024**2, 1024**3


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """The caps of reading one layer: sizes in bytes, times in seconds."""

    compressed_bytes: int = 4 * GIB
    unpacked_bytes: int = 16 * GIB
    # Gzip of nothing but zeros is 1000 to 1. What is small is no harm, however well it packs.
    most_ratio: int = 200
    ratio_free_bytes: int = 256 * MIB
    entries: int = 500_000
    path_bytes: int = 4096
    path_depth: int = 256
    # Names, link targets and extended headers together: what has to be held or stored.
    metadata_bytes: int = 192 * MIB
    # tarfile holds such headers in memory, however large they are.
    header_bytes: int = MIB
    toc_bytes: int = 64 * MIB
    # A decompressor allocates the window that a frame asks for.
    zstd_window_log: int = 27
    seconds: float = 900


class Meter:
    """Counts what one layer has taken so far, and raises TooMuchError past a limit."""

    def __init__(self, limits: ReadingLimits, *, clock: Callable[[], float] = monotonic) -> None:
        self.limits = limits
        self.compressed_bytes = 0
        self.unpacked_bytes = 0
        self.metadata_bytes = 0
        self.headers = 0
        self._clock = clock
        self._deadline = clock() + limits.seconds

    def take_compressed(self, count: int) -> None:
        """Count bytes as they came."""
        self.compressed_bytes += count
        if self.compressed_bytes > self.limits.compressed_bytes:
            raise TooMuchError(
                gettext_noop("is larger than the limit"), self.limits.compressed_bytes, "bytes"
            )
        self.check_time()

    def take_unpacked(self, count: int) -> None:
        """Count bytes as they were unpacked."""
        self.unpacked_bytes += count
        limits = self.limits
        if self.unpacked_bytes > limits.unpacked_bytes:
            raise TooMuchError(
                gettext_noop("unpacks to more than the limit"), limits.unpacked_bytes, "bytes"
            )
        is_large = self.unpacked_bytes > limits.ratio_free_bytes
        if is_large and self.unpacked_bytes > limits.most_ratio * self.compressed_bytes:
            raise TooMuchError(
                gettext_noop("unpacks to more than so many times its size"), limits.most_ratio
            )
        self.check_time()

    def take_header(self, metadata_bytes: int) -> None:
        """Count one header with its names."""
        self.headers += 1
        # An entry may have a header of each extended kind before its own.
        if self.headers > 4 * self.limits.entries:
            raise TooMuchError(gettext_noop("has more entries than the limit"), self.limits.entries)
        self.take_metadata(metadata_bytes)

    def take_metadata(self, count: int) -> None:
        """Count names and the like."""
        self.metadata_bytes += count
        if self.metadata_bytes > self.limits.metadata_bytes:
            limit = self.limits.metadata_bytes
            raise TooMuchError(
                gettext_noop("has more in its headers than the limit"), limit, "bytes"
            )

    def check_time(self) -> None:
        """Raise TooMuchError once the time is over."""
        if self._clock() > self._deadline:
            limit = round(self.limits.seconds)
            raise TooMuchError(gettext_noop("took longer to read than the limit"), limit, "seconds")
