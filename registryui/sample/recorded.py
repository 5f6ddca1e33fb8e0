"""What the sample registry was asked, so that tests can say how many requests something costs."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Request:
    """One answered request; `query` is the raw text, header names are lower-case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    status: int

    @property
    def location(self) -> str:
        return f"{self.path}?{self.query}" if self.query else self.path


class RequestLog:
    """The answered requests in the order of their answers; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: list[Request] = []

    def __len__(self) -> int:
        return len(self._requests)

    def add(self, request: Request) -> None:
        with self._lock:
            self._requests.append(request)

    def all(self) -> list[Request]:
        with self._lock:
            return list(self._requests)

    def clear(self) -> None:
        with self._lock:
            self._requests.clear()
