"""A stream of pieces, read by exact lengths without ever holding more than is asked for."""

from collections.abc import Iterable, Iterator

from registryui.contents.reading.errors import BadLayerError
from registryui.oci.marking import gettext_noop

CUT_OFF = gettext_noop("The layer breaks off in the middle of a file.")


class Source:
    """Reads pieces by length; ``position`` is how many bytes were read."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._piece = b""
        self._at = 0
        self.position = 0

    def read(self, count: int) -> bytes:
        """Return exactly so many bytes; fewer only where the stream ends, or raise in between."""
        end = self._at + count
        if end <= len(self._piece):
            taken = self._piece[self._at : end]
            self._at = end
            self.position += count
            return taken
        taken = b"".join(self._parts(count))
        if taken and len(taken) < count:
            raise BadLayerError(CUT_OFF)
        return taken

    def exactly(self, count: int) -> bytes:
        """Return exactly so many bytes; raise when there are fewer."""
        content = self.read(count)
        if len(content) < count:
            raise BadLayerError(CUT_OFF)
        return content

    def parts(self, count: int) -> Iterator[bytes]:
        """Yield so many bytes in parts as they come; raise when there are fewer."""
        end = self.position + count
        yield from self._parts(count)
        if self.position < end:
            raise BadLayerError(CUT_OFF)

    def skip(self, count: int) -> None:
        """Read so many bytes and forget them."""
        for _ in self.parts(count):
            pass

    def drain(self) -> None:
        """Read what is left and forget it."""
        for _ in self._pieces:
            pass
        self._piece, self._at = b"", 0

    def _parts(self, count: int) -> Iterator[bytes]:
        while count:
            if self._at >= len(self._piece):
                following = next(self._pieces, None)
                if following is None:
                    return
                self._piece, self._at = following, 0
            part = self._piece[self._at : self._at + count]
            self._at += len(part)
            self.position += len(part)
            count -= len(part)
            if part:
                yield part
