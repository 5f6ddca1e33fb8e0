"""Two web servers and three workers on one PostgreSQL and one Redis, killed again and again."""

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from functools import partial
from itertools import count
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

import httpx
import pytest

from registryui.sample import builder
from registryui.sample.registry import SampleRegistry
from registryui.sample.serving import serve
from tests.browser.site import HOOK_SECRET
from tests.real import trail
from tests.real.fleet import Fleet, is_ready
from tests.real.processes import free_port
from tests.real.trail import Trail
from tests.servers import postgres_server, redis_server

pytestmark = pytest.mark.servers

REPOSITORIES = 120
CHANGES = 24  # told around each kill
CHANGED = REPOSITORIES // 2  # so that some change twice
POSTERS = 4
UNDER_WAY = """
    SELECT (SELECT COUNT(*) FROM jobs_job WHERE state IN ('WAITING', 'RUNNING'))
        + (SELECT COUNT(*) FROM sync_syncrun WHERE state = 'RUNNING')
        + (SELECT COUNT(*) FROM activity_event WHERE processed_at IS NULL)
"""
INDEXED = """
    SELECT repository.name, tag.name, manifest.digest FROM catalog_tag tag
    JOIN catalog_repository repository ON repository.id = tag.repository_id
    JOIN catalog_manifest manifest ON manifest.id = tag.manifest_id
"""


class WatchedRegistry:
    """A registry that takes its time, and notes when one repository is listed twice at once."""

    def __init__(self) -> None:
        self.sample = SampleRegistry()
        self.sample.switches.slow_seconds = 0.02
        self.listed_twice: set[str] = set()
        self._listing: Counter[str] = Counter()
        self._lock = threading.Lock()
        for number in range(REPOSITORIES):
            builder.image(self.sample, _repository(number), "1.0")
            builder.image(self.sample, _repository(number), "old", layers=2)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer as the sample registry does."""
        path = environ["PATH_INFO"]
        if not path.endswith("/tags/list"):
            return self.sample(environ, start_response)
        with self._lock:
            self._listing[path] += 1
            if self._listing[path] > 1:
                self.listed_twice.add(path)
        try:
            return self.sample(environ, start_response)
        finally:
            with self._lock:
                self._listing[path] -= 1

    def change(self, number: int) -> dict[str, object]:
        """Push a new tag, move one, or delete one; return the event that tells of it."""
        repository = _repository(number * 7 % CHANGED)
        action, tag = "push", ("2.0", "1.0", "old")[number % 3]
        if tag == "old":
            action = "delete"
            self.sample.store.open(repository).untag(tag)
        else:
            annotations = {"number": str(number)}
            builder.image(self.sample, repository, tag, annotations=annotations)
        target = {"repository": repository, "tag": tag}
        return {"id": f"event {number}", "action": action, "target": target}

    def tags(self) -> set[tuple[str, str, str]]:
        """Return which tag of which repository points where."""
        store = self.sample.store
        return {
            (name, tag, str(digest))
            for name in store.names()
            for tag, digest in store.open(name).tags().items()
        }


class Teller:
    """Changes the registry and tells a web server of it; when that one is down, another."""

    def __init__(self, registry: WatchedRegistry, webs: list[str]) -> None:
        self.accepted: set[str] = set()
        self.in_vain = 0
        self._registry = registry
        self._webs = webs
        self._numbers = count()
        self._pool = ThreadPoolExecutor(POSTERS)
        self._client = httpx.Client(headers={"Authorization": f"Bearer {HOOK_SECRET}"}, timeout=10)

    def tell_while(self, happens: Callable[[], object]) -> None:
        """Tell of changes; when half of them are accepted something happens to the others."""
        told = [self._pool.submit(self._tell, next(self._numbers)) for _ in range(CHANGES)]
        for future in told[: CHANGES // 2]:
            future.result()
        happens()
        _wait_for(told)

    def close(self) -> None:
        """Tell no more."""
        self._pool.shutdown(cancel_futures=True)
        self._client.close()

    def _tell(self, number: int) -> None:
        event = self._registry.change(number)
        for attempt in range(number, number + 1000):  # as registries do, until it is accepted
            url = f"{self._webs[attempt % len(self._webs)]}/hooks/default/"
            with suppress(httpx.TransportError):
                if self._client.post(url, json={"events": [event]}).is_success:
                    self.accepted.add(str(event["id"]))
                    return
            self.in_vain += 1
        raise AssertionError(event)


@pytest.fixture
def registry() -> WatchedRegistry:
    """Return a filled registry."""
    return WatchedRegistry()


@pytest.fixture
def fleet(tmp_path: Path, registry: WatchedRegistry) -> Iterator[Fleet]:
    """Return empty servers and no processes yet."""
    with ExitStack() as stack:
        fleet = Fleet(
            tmp_path,
            REGISTRYUI_DATABASE_URL=stack.enter_context(postgres_server()),
            REGISTRYUI_QUEUE_URL=stack.enter_context(redis_server()),
            REGISTRYUI_REGISTRY_URL=stack.enter_context(serve(registry)),
            REGISTRYUI_REGISTRY_HOOK_SECRET=HOOK_SECRET,
        )
        stack.callback(fleet.end)
        assert fleet.manage("migrate", "--verbosity", "0").wait() == 0, fleet.log.read_text()
        fleet.rows(trail.WATCH)
        yield fleet


@pytest.fixture
def teller(fleet: Fleet, registry: WatchedRegistry) -> Iterator[Teller]:
    """Return who tells two web servers, which answer."""
    webs = [fleet.serve(free_port()) for _ in range(2)]
    for web in webs:
        fleet.until(partial(is_ready, web))
    teller = Teller(registry, webs)
    yield teller
    teller.close()


def test_loses_and_doubles_nothing_whoever_is_killed(
    fleet: Fleet, teller: Teller, registry: WatchedRegistry
) -> None:
    for _ in range(3):
        fleet.hire()

    teller.tell_while(partial(replace_worker, fleet))
    for port in fleet.webs:
        teller.tell_while(partial(replace_web, fleet, port))
    teller.tell_while(partial(replace_worker, fleet))
    teller.tell_while(partial(replace_all_workers, fleet))
    fleet.until(lambda: fleet.one(UNDER_WAY) == 0)

    events = dict(fleet.rows("SELECT event_id, processed_at FROM activity_event"))
    assert teller.in_vain > 0
    assert len(teller.accepted) == 5 * CHANGES
    assert teller.accepted == events.keys()
    assert None not in events.values()
    assert set(fleet.rows(INDEXED)) == registry.tags()
    seen = Trail(fleet.rows)
    assert seen.claims > REPOSITORIES
    assert seen.inherited
    assert seen.trespasses == []
    assert registry.listed_twice == set()


def replace_worker(fleet: Fleet) -> None:
    """Kill a worker in the middle of its work, and start another.

    A quick machine may have no visits left for the last ones: then any of them is killed.
    """
    fleet.kill(fleet.until(lambda: fleet.busy() or (fleet.is_done() and fleet.working()[0])))
    fleet.hire()


def replace_all_workers(fleet: Fleet) -> None:
    """Kill all workers at once, and start as many."""
    for worker in fleet.working():
        fleet.kill(worker)
    for _ in range(3):
        fleet.hire()


def replace_web(fleet: Fleet, port: int) -> None:
    """Kill a web server and start it again."""
    fleet.kill(fleet.webs[port])
    fleet.serve(port)


def _repository(number: int) -> str:
    return f"team/app{number:03}"


def _wait_for(futures: Iterable[Future[None]]) -> None:
    for future in futures:
        future.result()
