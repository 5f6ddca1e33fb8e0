"""`python -m registryui.sample`: serve the sample registry until it is told to stop."""

import argparse
import signal
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from registryui.sample.images import fill
from registryui.sample.kinds import KINDS
from registryui.sample.registry import SampleRegistry
from registryui.sample.serving import RegistryServer, serve
from registryui.sample.switches import Switches

__all__ = ["main", "serve"]


def main(arguments: Sequence[str] | None = None) -> None:
    options = _parser().parse_args(arguments)
    switches = KINDS[options.kind]() if options.kind else Switches()
    switches.auth = options.auth
    registry = SampleRegistry(switches)
    if not options.empty:
        fill(registry, today=datetime.now(UTC).date())
    server = RegistryServer((options.host, options.port), registry)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    sys.stdout.write(f"The sample registry answers at {server.url}\n")
    sys.stdout.flush()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="registryui.sample", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=5000, help="0 takes any free port")
    words = "ask for credentials (reader / open-sesame)"
    parser.add_argument("--auth", choices=["none", "basic", "bearer"], default="none", help=words)
    parser.add_argument("--kind", choices=KINDS, help="delete as this registry does")
    parser.add_argument("--empty", action="store_true", help="begin without any image")
    return parser


if __name__ == "__main__":
    main()
