"""Runs many plans side by side: their steps on one thread, their jobs on a pool.

A plan is a generator. It runs on the thread that called the crew, where it may use the database;
what it yields are jobs, which run on the pool's threads and must not. It goes on with their results
once all of them are there. So a plan reads like straight code, nothing that writes ever races, and
no thread but the caller's holds a database connection.
"""

import queue
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any, NamedTuple, Self, TypeVar

T = TypeVar("T")
U = TypeVar("U")
V = TypeVar("V")
Job = Callable[[], object]
# What a job raised is raised again inside the plan, at its yield.
Plan = Generator[Sequence[Job], list[Any], T]


def gather(jobs: Sequence[Callable[[], T]]) -> Plan[list[T]]:
    """Inside a plan: run the jobs at once on the pool and return their results in order."""
    if not jobs:
        return []
    return (yield jobs)


def gather_three(
    ones: Sequence[Callable[[], T]],
    twos: Sequence[Callable[[], U]],
    threes: Sequence[Callable[[], V]],
) -> Plan[tuple[list[T], list[U], list[V]]]:
    """Like gather, for three kinds of jobs that run side by side."""
    results = yield from gather([*ones, *twos, *threes])
    last = len(ones) + len(twos)
    return results[: len(ones)], results[len(ones) : last], results[last:]  # type: ignore[return-value]  # in order


class _Batch:
    """The jobs that one plan waits for."""

    def __init__(self, plan: Plan[None], jobs: Sequence[Job]) -> None:
        self.plan = plan
        self.results: list[object] = [None] * len(jobs)
        self.remaining = len(jobs)
        self.error: BaseException | None = None


class _Done(NamedTuple):
    batch: _Batch
    position: int
    result: object
    error: BaseException | None
    used: int


class Crew:
    """A pool of threads and the plans it works for; used as a context manager, by one thread."""

    def __init__(self, threads: int, *, measure: Callable[[], int] = lambda: 0) -> None:
        """Start no more than this many threads.

        ``measure`` counts what a thread has used of something so far; ``used`` is the crew's sum.
        """
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="sync")
        self._done: queue.SimpleQueue[_Done] = queue.SimpleQueue()
        self._measure = measure
        self.active = self.used = 0

    def __enter__(self) -> Self:
        """Return the crew."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Drop the jobs that wait; those under way end by themselves."""
        self._pool.shutdown(wait=error is None, cancel_futures=True)

    def start(self, plan: Plan[None]) -> None:
        """Run a plan up to its first jobs."""
        self.active += 1
        self._step(plan, lambda: next(plan))

    def wait(self, seconds: float) -> bool:
        """Wait for one job to end and let its plan go on; return False if none ended in time."""
        try:
            batch, position, result, error, used = self._done.get(timeout=seconds)
        except queue.Empty:
            return False
        self.used += used
        batch.results[position] = result
        batch.error = batch.error or error
        batch.remaining -= 1
        if batch.remaining == 0:
            self._go_on(batch)
        return True

    def run(self, plan: Plan[None]) -> None:
        """Run one plan to its end."""
        self.start(plan)
        while self.active:
            self.wait(1)

    def _go_on(self, batch: _Batch) -> None:
        plan, error = batch.plan, batch.error
        if error is not None:
            self._step(plan, lambda: plan.throw(error))
        else:
            self._step(plan, lambda: plan.send(batch.results))

    def _step(self, plan: Plan[None], step: Callable[[], Sequence[Job]]) -> None:
        try:
            jobs = step()
        except StopIteration:
            self.active -= 1
            return
        except BaseException:
            self.active -= 1
            raise
        batch = _Batch(plan, jobs)
        for position, job in enumerate(jobs):
            self._pool.submit(self._do, batch, position, job)

    def _do(self, batch: _Batch, position: int, job: Job) -> None:
        result, failure, before = None, None, self._measure()
        try:
            result = job()
        except BaseException as error:  # noqa: BLE001  raised again in the plan
            failure = error
        self._done.put(_Done(batch, position, result, failure, self._measure() - before))
