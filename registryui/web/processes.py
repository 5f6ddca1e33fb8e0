"""Several processes as one: they start together, and when one ends by itself all end."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from types import FrameType

GRACE_SECONDS = 20
POLL_SECONDS = 0.2
# Who is killed sooner than this after its start would be killed for ever.
STEADY_SECONDS = 5.0


class Together:
    """Processes that belong together; a signal to us ends each of them gracefully.

    One that somebody kills, such as the kernel when memory is short, is started again.
    """

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        """Take variables that every process gets beside our own."""
        self.environment = {**os.environ, **(environment or {})}
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.is_stopping = False
        self._commands: dict[str, Sequence[str]] = {}
        self._started_at: dict[str, float] = {}

    def start(self, name: str, command: Sequence[str]) -> None:
        """Start one of them; its output goes where ours goes."""
        self._commands[name] = command
        self._started_at[name] = time.monotonic()
        # Own process group: Ctrl+C reaches us alone, and we end them in our order.
        self.processes[name] = subprocess.Popen(  # noqa: S603 - our own programs, no shell
            command, env=self.environment, process_group=0
        )

    def wait(self) -> str:
        """Wait for a signal or until one ends; stop all; return the name that ended, or ''."""
        previous = {
            each: signal.signal(each, self._stop) for each in (signal.SIGINT, signal.SIGTERM)
        }
        try:
            ended = ""
            while not (self.is_stopping or ended):
                time.sleep(POLL_SECONDS)
                ended = next(filter(self._has_ended, list(self.processes)), "")
        finally:
            self.stop()
            for each, handler in previous.items():
                signal.signal(each, handler)
        return ended

    def stop(self) -> None:
        """End all: ask first, and after the grace period insist."""
        for process in self.processes.values():
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + GRACE_SECONDS
        for process in self.processes.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _has_ended(self, name: str) -> bool:
        """Whether a process has ended; one that was killed is started again instead."""
        code = self.processes[name].poll()
        if code is None:
            return False
        is_steady = time.monotonic() - self._started_at[name] >= STEADY_SECONDS
        if code >= 0 or not is_steady or self.is_stopping:
            return True
        sys.stderr.write(f"Started again, because a signal ({-code}) ended it: {name}\n")
        self.start(name, self._commands[name])
        return False

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.is_stopping = True
