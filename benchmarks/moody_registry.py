"""A registry whose mood another process chooses: quiet, slow, or failing now and then.

``python -m benchmarks.moody_registry REPOSITORIES TAGS``; ``GET /mood/NAME`` chooses.
"""

import sys
import time
from collections.abc import Iterable
from itertools import count
from wsgiref.types import StartResponse, WSGIEnvironment

from registryui.sample import builder
from registryui.sample.registry import SampleRegistry
from registryui.sample.serving import RegistryServer

QUIET, SLOW, FAILING = MOODS = ("quiet", "slow", "failing")
SLOW_SECONDS = 1.0
FAILS_ONE_IN = 20
LAYERS = 4


class MoodyRegistry:
    """The sample registry behind its mood."""

    def __init__(self, repositories: int, tags: int) -> None:
        self._sample = SampleRegistry()
        self._mood = QUIET
        self._numbers = count()
        for number in range(repositories):
            for tag in range(tags):
                notes = {"number": f"{number} {tag}"}
                name = f"team-{number % 20}/app-{number:04}"
                builder.image(self._sample, name, f"1.{tag}", layers=LAYERS, annotations=notes)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer in the mood of the moment."""
        path = environ["PATH_INFO"]
        if path.startswith("/mood/"):
            self._mood = path.removeprefix("/mood/")
            return _say("204 No Content", start_response)
        if self._mood == SLOW:
            time.sleep(SLOW_SECONDS)
        if self._mood == FAILING and next(self._numbers) % FAILS_ONE_IN == 0:
            return _say("500 Internal Server Error", start_response)
        self._sample.forget_requests()  # nobody asks for them, and they would pile up
        return self._sample(environ, start_response)


def main(repositories: int, tags: int) -> None:
    """Serve until killed, having said where."""
    server = RegistryServer(("127.0.0.1", 0), MoodyRegistry(repositories, tags))
    print(server.url, flush=True)
    server.serve_forever()


def _say(status: str, start_response: StartResponse) -> Iterable[bytes]:
    start_response(status, [("Content-Length", "0")])
    return []


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
