"""A worker process: threads that do jobs, one that tells it lives, one that looks after the rest.

The first signal asks it to stop: jobs in hand come to an end at their next good place. The second
one ends it at once, and the reaper of another worker finds what was left.
"""

import logging
import os
import signal
import socket
import threading
import uuid
from collections.abc import Callable
from types import FrameType

from django.conf import settings
from django.db import close_old_connections, connections
from django.utils import timezone

from registryui.jobs import engine, sending, ticks
from registryui.jobs.running import Hands

logger = logging.getLogger(__name__)

ROUND_SECONDS = 0.5


class Worker:
    """One process of workers, used once."""

    def __init__(self, *, threads: int) -> None:
        name = f"{socket.gethostname()[:60]} {os.getpid()} {uuid.uuid4().hex[:8]}"
        self.hands = Hands(name)
        self._threads = threads
        self._is_over = threading.Event()

    def run(self) -> None:
        """Work until a signal comes, and until the jobs in hand have come to an end."""
        consumer = engine.consumer(self._run_job, threads=self._threads)
        consumer.start()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)  # in the place of huey's own
        beside = [
            self._beside("beat", self.hands.beat, seconds=settings.WORKER_TIMEOUT / 6),
            self._beside("look", self._look, seconds=ROUND_SECONDS),
        ]
        logger.info("Worker %s has started, %s threads", self.hands.worker, self._threads)
        while not self.hands.stop.wait(5):
            consumer.check_worker_health()
        consumer.stop(graceful=True)
        self._is_over.set()
        for thread in beside:
            thread.join(5)
        logger.info("Worker %s has stopped", self.hands.worker)

    def _run_job(self, pk: int) -> None:
        close_old_connections()
        try:
            self.hands.run(pk)
        except Exception:
            # The database went away in the middle: the reaper finds the job.
            logger.exception("The job %s was lost", pk)
        finally:
            close_old_connections()

    def _look(self) -> None:
        if self.hands.stop.is_set():
            return
        now = timezone.now()
        ticks.tick(self.hands.worker, now=now)
        sending.send_due(now=now)

    def _beside(
        self, name: str, function: Callable[[], None], *, seconds: float
    ) -> threading.Thread:
        def work() -> None:
            while not self._is_over.wait(seconds):
                close_old_connections()
                try:
                    function()
                except Exception:
                    logger.exception("The worker could not %s; it tries again", name)
            connections.close_all()

        thread = threading.Thread(target=work, name=f"worker-{name}", daemon=True)
        thread.start()
        return thread

    def _ask(self, number: int, frame: FrameType | None) -> None:
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, signal.SIG_DFL)
        self.hands.stop.set()
