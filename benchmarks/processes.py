"""Runs a program and says what it took: time, processor time, memory."""

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Run:
    """One program that ended well, with all processes it waited for."""

    output: str
    seconds: float
    cpu_seconds: float
    peak_bytes: int


def run(command: Sequence[str | Path], environment: Mapping[str, str] | None = None) -> Run:
    """Run a program to its end; what it says about a failure ends ours."""
    started = time.perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, **(environment or {})}
    ) as process:
        output = process.stdout.read() if process.stdout else ""
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{command[0]} ended with {process.returncode}:\n{output}")
    seconds = time.perf_counter() - started
    return Run(output, seconds, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)


def cpu_seconds(pid: int) -> float:
    """Return the processor time that a process of ours has taken so far (proc(5), stat)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS
