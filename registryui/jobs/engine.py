"""The queue: huey on SQLite, PostgreSQL or Redis by its address; it wakes workers, no more.

What is queued is a job's id in digits. So nothing that matters is lost with a queue, and nobody who
can write to it can make a worker do anything but look at its table.
"""

import os
import threading
import time
import uuid
from collections.abc import Callable
from typing import Any, Protocol
from urllib.parse import urlsplit

import redis
from django.conf import settings
from huey.api import Huey
from huey.consumer import Consumer
from huey.registry import Message
from huey.storage import PostgresStorage, RedisStorage, SqliteStorage
from redis.backoff import NoBackoff
from redis.retry import Retry

NAME = "registryui"
# How long a worker that waits on SQLite may take to notice a job; the others are told at once.
LONGEST_POLL_SECONDS = 0.5
FIRST_POLL_SECONDS = 0.02
TABLE_TRIES = 5


class Storage(Protocol):
    """What we use of huey's storages."""

    def enqueue(self, content: bytes, priority: float | None = None) -> None:
        """Add a message."""

    def queue_size(self) -> int:
        """Count the messages."""

    def close(self) -> object:
        """Close the connections of this thread; they are opened again when used."""


class _Digits:
    """Turns huey's message about our one task into a job's id, and back."""

    def __init__(self) -> None:
        self.task = ""

    def serialize(self, message: Any) -> bytes:
        return str(int(message.args[0])).encode("ascii")

    def deserialize(self, content: bytes) -> Message:
        pk = int(bytes(content).decode("ascii"))
        return Message(id=str(uuid.uuid4()), name=self.task, args=(pk,), kwargs={}, retries=0)


_storages: dict[tuple[int, str], Storage] = {}
_lock = threading.Lock()


def storage() -> Storage:
    """Return this process's connection to the queue; a forked child makes its own."""
    key = (os.getpid(), settings.QUEUE_URL)
    with _lock:
        if key not in _storages:
            _storages[key] = _open(settings.QUEUE_URL)
        return _storages[key]


def send(pk: int) -> None:
    """Tell the queue that a job is due; raises what its engine raises when it is not there."""
    storage().enqueue(str(pk).encode("ascii"))


def length() -> int:
    """Return how many messages wait."""
    return storage().queue_size()


def consumer(run: Callable[[int], None], *, threads: int) -> Consumer:
    """Return huey's consumer, whose threads call ``run`` with the id of each job that is due."""
    digits = _Digits()
    opened = storage()
    queue = Huey(
        NAME,
        results=False,
        immediate=False,
        serializer=digits,
        storage_class=lambda name: opened,
    )
    closing = threading.Lock()

    def close() -> None:
        with closing:  # each thread closes its connections, and huey's shared one goes but once
            opened.close()

    queue.on_shutdown("close")(close)
    task = queue.task(name="job")(run)
    digits.task = queue._registry.task_to_string(task.task_class)
    return Consumer(
        queue,
        workers=threads,
        periodic=False,
        initial_delay=FIRST_POLL_SECONDS,
        max_delay=LONGEST_POLL_SECONDS,
        scheduler_interval=60,
    )


def _open(url: str) -> Storage:
    scheme = urlsplit(url).scheme
    if scheme in {"redis", "rediss"}:
        # Without timeouts a page that queues something would hang with the queue.
        pool = redis.ConnectionPool.from_url(
            url, socket_timeout=5, socket_connect_timeout=2, retry=Retry(NoBackoff(), 1)
        )
        return RedisStorage(NAME, connection_pool=pool)  # type: ignore[no-any-return]  # untyped
    if scheme in {"postgres", "postgresql"}:
        address = "postgresql" + url.removeprefix(scheme)
        return _with_tables(lambda: PostgresStorage(NAME, dsn=address, connect_timeout=5))
    path = url.removeprefix("sqlite://").removeprefix("/")
    return _with_tables(lambda: SqliteStorage(NAME, filename=path, timeout=30))


def _with_tables(make: Callable[[], Any]) -> Storage:
    """Make a storage; several that start at once may stumble over each other's tables."""
    for attempt in range(1, TABLE_TRIES + 1):
        try:
            return make()  # type: ignore[no-any-return]  # a Storage
        except Exception:
            if attempt == TABLE_TRIES:
                raise
            time.sleep(0.1 * attempt)
    raise AssertionError  # pragma: no cover
