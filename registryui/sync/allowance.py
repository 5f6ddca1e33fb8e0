"""How much of what registries send is held in memory at one time, however much they have to say.

An index may list a thousand manifests of 8 MiB, and every tag may be such an index.
"""

import threading
from types import TracebackType
from typing import Self

MIB = 1024 * 1024
# Two hundred tags of ten platforms take about 100 MiB by the weight below.
LARGEST_BATCH = 256 * MIB
# Thirty-two such batches at one time are a first crawl at its busiest; this is for what is beyond.
ALL_BATCHES = 2048 * MIB
# Nobody is refused so much, whatever the others hold: one bad repository must not stop the rest.
SMALLEST_SHARE = 32 * MIB
# What a value of a document takes once it is read, beside its own bytes.
BYTES_PER_VALUE = 100


class Holdings:
    """What all batches of this process hold together; thread-safe."""

    def __init__(self) -> None:
        self.weight = 0
        self._lock = threading.Lock()

    def add(self, weight: int) -> None:
        """Count more; with a negative weight, less."""
        with self._lock:
            self.weight += weight


OF_THIS_PROCESS = Holdings()


class Allowance:
    """What one batch may hold; as a context manager it gives all back at the end. Thread-safe.

    It is asked before something is fetched and told afterwards how large that was, so that it may
    be exceeded by what the threads fetch at one time.
    """

    def __init__(self, everybody: Holdings = OF_THIS_PROCESS) -> None:
        self._everybody = everybody
        self._own = Holdings()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._everybody.add(-self._own.weight)
        self._own = Holdings()

    @property
    def is_spent(self) -> bool:
        """Whether nothing more may be fetched for this batch."""
        own = self._own.weight
        return own >= LARGEST_BATCH or (
            own >= SMALLEST_SHARE and self._everybody.weight >= ALL_BATCHES
        )

    def take(self, content: bytes) -> None:
        """Count a document that is held now, with what it takes once it is read."""
        weight = len(content) + BYTES_PER_VALUE * content.count(b",")
        self._own.add(weight)
        self._everybody.add(weight)
