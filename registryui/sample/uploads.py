"""Blob uploads that are under way: bytes by an opaque name, until a digest closes them."""

import threading
import uuid


class Uploads:
    """The open uploads of one registry; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._received: dict[str, bytearray] = {}

    def start(self) -> str:
        name = str(uuid.uuid4())
        with self._lock:
            self._received[name] = bytearray()
        return name

    def size_bytes(self, name: str) -> int | None:
        """How much has arrived; `None` when there is no such upload."""
        received = self._received.get(name)
        return None if received is None else len(received)

    def append(self, name: str, content: bytes) -> int:
        """Add to an open upload and return its new size."""
        with self._lock:
            self._received[name] += content
            return len(self._received[name])

    def close(self, name: str) -> bytes:
        """End an upload: its bytes, which are then forgotten."""
        with self._lock:
            return bytes(self._received.pop(name))
