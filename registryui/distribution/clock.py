"""Time as the client sees it, so that tests can move it."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Clock:
    """``monotonic`` measures waits, ``wall`` reads dates in headers; both in seconds.

    ``jitter`` returns 0..1 and spreads retries, so that sixteen threads do not come back at once.
    """

    monotonic: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = random.random
