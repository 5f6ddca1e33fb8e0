"""How many notifications a second are taken in, and that none of them is lost.

``python -m benchmarks.notifications [--posters N] [--seconds N] [--database sqlite|postgres]``

Posters tell the web server of events as fast as it answers, each of them one event at a time, as
distribution does. Afterwards every event that was answered well must be in the table, once.
"""

import argparse
import json
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from itertools import count
from statistics import median, quantiles
from urllib.parse import urlsplit

from benchmarks.product import HOOK_SECRET, PATIENCE_SECONDS, hire, product, served
from benchmarks.tables import table
from tests.real.fleet import Fleet
from tests.real.processes import free_port

REPOSITORIES = 200
HEADS = (
    "",
    "accepted",
    "a second",
    "of /healthz",
    "p50 ms",
    "p95 ms",
    "lost",
    "worked off after s",
)
HEADERS = {
    "Authorization": f"Bearer {HOOK_SECRET}",
    "Content-Type": "application/vnd.docker.distribution.events.v2+json",
}
Ask = tuple[str, str, str, bytes]  # what identifies it, method, path, body


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered well, and how long each answer took."""

    identifiers: Sequence[str]
    milliseconds: Sequence[float]
    seconds: float

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.identifiers) / self.seconds


def main(arguments: Sequence[str]) -> int:
    """Measure and print a table; return 1 if an accepted event is lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posters", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    chosen = parser.parse_args(arguments)
    # Nothing listens there: pulls are counted without asking the registry.
    with product(chosen.database, f"http://127.0.0.1:{free_port()}") as fleet:
        url = served(fleet)

        def ask(asks: Iterator[Ask]) -> Answers:
            return _ask(url, asks, chosen.posters, chosen.seconds)

        ask(_health())  # warms up
        quiet = ask(_health())
        rows = [("nothing to do (/healthz)", quiet, "–", "–")]
        pushes = ask(_events("push"))
        rows.append(("pushes, no worker", pushes, _lost(fleet, pushes), "–"))
        hire(fleet, 1)
        busy = ask(_events("pull"))
        after = _worked_off(fleet)
        rows.append(("pulls, one worker", busy, _lost(fleet, busy), f"{after:.1f}"))
    print(f"{chosen.database}, posters: {chosen.posters}\n")
    print(table(HEADS, [_row(*row, quiet=quiet) for row in rows]))
    return int(any(lost not in {"0", "–"} for _, _, lost, _ in rows))


def _health() -> Iterator[Ask]:
    return (("", "GET", "/healthz", b"") for _ in count())


def _events(action: str) -> Iterator[Ask]:
    for number in count():
        # Nobody can look at what was pushed; what was pulled elsewhere need not wait for that.
        target = {"repository": f"{action}/app-{number % REPOSITORIES:03}", "tag": "latest"}
        event = {"id": f"{action} {number}", "action": action, "target": target}
        body = json.dumps({"events": [event]}).encode()
        yield f"{action} {number}", "POST", "/hooks/default/", body


def _ask(url: str, asks: Iterator[Ask], posters: int, seconds: float) -> Answers:
    """Have the posters ask side by side for so many seconds."""
    lock = threading.Lock()
    identifiers: list[str] = []
    milliseconds: list[float] = []

    def next_ask() -> Ask:
        with lock:
            return next(asks)

    def post() -> None:
        with closing(HTTPConnection(urlsplit(url).netloc, timeout=60)) as connection:
            while time.perf_counter() < until:
                _one(connection, next_ask(), identifiers, milliseconds)

    started = time.perf_counter()
    until = started + seconds
    threads = [threading.Thread(target=post) for _ in range(posters)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Answers(identifiers, milliseconds, time.perf_counter() - started)


def _one(
    connection: HTTPConnection, ask: Ask, identifiers: list[str], milliseconds: list[float]
) -> None:
    identifier, method, path, body = ask
    started = time.perf_counter()
    connection.request(method, path, body, HEADERS)
    response = connection.getresponse()
    response.read()
    if response.status >= 300:
        raise SystemExit(f"{path} was answered with {response.status}.")
    milliseconds.append((time.perf_counter() - started) * 1000)
    identifiers.append(identifier)


def _lost(fleet: Fleet, answers: Answers) -> str:
    """Return how many of the accepted events are not in the table exactly once."""
    stored = [event_id for (event_id,) in fleet.rows("SELECT event_id FROM activity_event")]
    once = set(stored) if len(stored) == len(set(stored)) else set()
    return f"{len(set(answers.identifiers) - once):,}"


def _worked_off(fleet: Fleet) -> float:
    """Wait until the worker has worked off all pulls; return after how many seconds."""
    pulls = "SELECT COUNT(*) FROM activity_event WHERE processed_at IS NULL AND action = 'PULL'"
    started = time.perf_counter()
    fleet.until(lambda: fleet.one(pulls) == 0, seconds=PATIENCE_SECONDS)
    return time.perf_counter() - started


def _row(name: str, answers: Answers, lost: str, after: str, *, quiet: Answers) -> tuple[str, ...]:
    return (
        name,
        f"{len(answers.identifiers):,}",
        f"{answers.rate:,.0f}",
        f"{answers.rate / quiet.rate:.2f}",
        f"{median(answers.milliseconds):.1f}",
        f"{quantiles(answers.milliseconds, n=20)[-1]:.1f}",
        lost,
        after,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
