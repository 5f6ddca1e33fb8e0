"""The queue, on each of its engines: it wakes workers, and holds nothing but ids."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

from registryui.jobs import engine
from tests.real.processes import eventually
from tests.servers import postgres_server, redis_server


@pytest.fixture(scope="module")
def redis_url() -> Iterator[str]:
    """Run Redis."""
    with redis_server() as url:
        yield url


@pytest.fixture(scope="module")
def postgres_url() -> Iterator[str]:
    """Run PostgreSQL."""
    with postgres_server() as url:
        yield url


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param("redis", marks=pytest.mark.servers),
        pytest.param("postgres", marks=pytest.mark.servers),
    ]
)
def queue_url(request: pytest.FixtureRequest, tmp_path: Path, settings: Any) -> str:
    """Use each engine in turn."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'queue.sqlite3'}"
    else:
        url = request.getfixturevalue(f"{request.param}_url")
    settings.QUEUE_URL = url
    return url


def test_brings_each_id_to_one_thread(queue_url: str) -> None:
    got: list[int] = []
    before = [signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)]
    for number in range(1, 101):
        engine.send(number)
    assert engine.length() == 100

    consumer = engine.consumer(got.append, threads=3)
    consumer.start()
    eventually(lambda: len(got) == 100)
    engine.send(101)
    eventually(lambda: len(got) == 101)
    consumer.stop(graceful=True)
    for each, handler in zip((signal.SIGTERM, signal.SIGINT, signal.SIGHUP), before, strict=True):
        signal.signal(each, handler)

    assert sorted(got) == list(range(1, 102))
    assert engine.length() == 0
    engine.storage().close()


def test_goes_on_after_a_message_that_is_none(queue_url: str) -> None:
    got: list[int] = []
    engine.storage().enqueue(b"\x80\x04cos\nsystem\n")
    engine.send(7)

    consumer = engine.consumer(got.append, threads=1)
    for _ in range(2):
        consumer.worker_threads[0][0].loop()

    assert got == [7]
    engine.storage().close()


def test_says_soon_that_the_queue_is_away(settings: Any) -> None:
    settings.QUEUE_URL = "redis://127.0.0.1:1/0"
    began = time.monotonic()

    with pytest.raises(redis.ConnectionError):
        engine.send(1)

    assert time.monotonic() - began < 10
