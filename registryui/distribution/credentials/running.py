"""Running one small program: no shell, a few variables, so many bytes, so many seconds."""

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

MOST_BYTES = 64 * 1024

# What helpers of clouds and desktops need to find their own credentials; nothing of ours.
_PASSED_ON = frozenset(
    {
        "ALL_PROXY",
        "DOCKER_CONFIG",
        "HOME",
        "HTTPS_PROXY",
        "HTTP_PROXY",
        "LANG",
        "NO_PROXY",
        "PATH",
        "REGISTRY_AUTH_FILE",
        "SSL_CERT_DIR",
        "SSL_CERT_FILE",
        "TMPDIR",
        "TZ",
        "USER",
    }
)
_PASSED_ON_BY_PREFIX = ("AWS_", "AZURE_", "CLOUDSDK_", "ECR_", "GOOGLE_", "XDG_")


class TooLongError(Exception):
    """The program was ended: it took too long, or wrote too much."""


@dataclass(frozen=True, slots=True)
class Finished:
    """How a program ended, and what it wrote."""

    status: int
    output: bytes
    complaint: bytes


def environment_for_helpers(environment: Mapping[str, str]) -> dict[str, str]:
    """Choose what a helper may see of our environment, which holds secrets of ours."""
    return {
        name: value
        for name, value in environment.items()
        if name.upper() in _PASSED_ON or name.startswith(_PASSED_ON_BY_PREFIX)
    }


def run(
    command: tuple[str, ...], text: bytes, *, seconds: float, environment: Mapping[str, str]
) -> Finished:
    """Run a program with this on its standard input; raise OSError or TooLongError.

    It gets a session of its own, so that what it has started ends with it when it takes too long.
    """
    with subprocess.Popen(  # noqa: S603 - an allowed helper by its path, and no shell
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=dict(environment),
        cwd="/",
        start_new_session=True,
    ) as process:
        try:
            return _talk(process, text, time.monotonic() + seconds)
        except BaseException:
            # Nobody has waited for it yet, so its number is still its own.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            raise


def _talk(process: subprocess.Popen[bytes], text: bytes, deadline: float) -> Finished:
    if not (process.stdin and process.stdout and process.stderr):  # pragma: no cover - pipes
        raise OSError("no pipes")
    with suppress(BrokenPipeError):  # it need not read what it is asked
        process.stdin.write(text)
        process.stdin.close()
    written = {process.stdout.fileno(): b"", process.stderr.fileno(): b""}
    with selectors.DefaultSelector() as selector:
        for number in written:
            selector.register(number, selectors.EVENT_READ)
        while selector.get_map():
            for number in _ready(selector, deadline):
                chunk = os.read(number, MOST_BYTES)
                written[number] += chunk
                if not chunk:
                    selector.unregister(number)
            if sum(map(len, written.values())) > MOST_BYTES:
                raise TooLongError
    try:
        status = process.wait(max(deadline - time.monotonic(), 0))
    except subprocess.TimeoutExpired:
        raise TooLongError from None
    return Finished(status, *written.values())


def _ready(selector: selectors.BaseSelector, deadline: float) -> list[int]:
    found = selector.select(max(deadline - time.monotonic(), 0))
    if not found:
        raise TooLongError
    return [key.fd for key, _ in found]
