"""Bytes that need not be in memory: a size, and a recipe that produces them in chunks."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Content:
    """`size_bytes` bytes; `produce` gives the same chunks each time it is called."""

    size_bytes: int
    produce: Callable[[], Iterable[bytes]]

    @classmethod
    def of(cls, content: bytes) -> "Content":
        return cls(len(content), lambda: (content,))

    def read(self) -> bytes:
        return b"".join(self.produce())

    def part(self, start: int, stop: int) -> "Content":
        """Cut out the bytes from `start` up to, not including, `stop`; both within the content."""
        return Content(stop - start, lambda: self._between(start, stop))

    def _between(self, start: int, stop: int) -> Iterator[bytes]:
        position = 0
        for chunk in self.produce():
            wanted = chunk[max(0, start - position) : max(0, stop - position)]
            position += len(chunk)
            if wanted:
                yield wanted
            if position >= stop:
                return
