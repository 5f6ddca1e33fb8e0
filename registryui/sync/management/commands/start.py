"""Start all that one machine needs: web and worker, and a sample registry if none is set."""

import os
import socket
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from registryui.accounts.links import make_set_up_link
from registryui.catalog.models import RegistrySettings
from registryui.declarations import Declaration, from_file
from registryui.sync.declare import declare_registries
from registryui.web.processes import Together

SAMPLE = """[registries.sample]
title = "Sample registry"
url = "http://127.0.0.1:{port}"
"""
EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104 - recognised here, chosen by whoever starts us
ONLY_LOCAL = (
    "REGISTRYUI_ALLOWED_HOSTS is not set: Registry UI listens everywhere but answers only as "
    "localhost or 127.0.0.1. Set it to the names that people open, such as images.example."
)


class Command(BaseCommand):
    """Migrate, then run gunicorn and a worker until told to stop."""

    help = "Start Registry UI: the web server and a worker, in the foreground."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare where to listen."""
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--port", default=8000, type=int, help="port to listen on")

    def handle(self, *, host: str, port: int, **options: object) -> None:
        """Run until a signal comes or a process ends."""
        _check_free(host, port)
        if host in EVERYWHERE and "REGISTRYUI_ALLOWED_HOSTS" not in os.environ:
            self.stderr.write(self.style.WARNING(ONLY_LOCAL))
        call_command("migrate", verbosity=0)
        call_command("clearsessions")
        _collect_static()
        with tempfile.TemporaryDirectory(prefix="registryui-") as directory:
            together = Together(_metrics_shared_in(Path(directory)))
            declared = settings.REGISTRIES
            if _shows_sample():
                declared = _start_sample(together, Path(directory) / "registries.toml")
            declare_registries(declared)
            manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
            together.start("the worker", [*manage, "runworker"])
            together.start("the web server", _gunicorn(host, port))
            self.stdout.write(self._greeting(host, port))
            ended = together.wait()
        if ended:
            raise CommandError(f"Stopped, because {ended} ended. Its last lines above say why.")

    def _greeting(self, host: str, port: int) -> str:
        shown = "localhost" if host in EVERYWHERE else f"[{host}]" if ":" in host else host
        site = f"http://{shown}:{port}"
        address = self.style.SUCCESS(f"{site}{settings.BASE_PATH.rstrip('/')}/")
        what = (
            "a sample registry (set REGISTRYUI_REGISTRY_URL to see your own)"
            if _shows_sample()
            else "your registries"
        )
        lines = [f"Registry UI shows {what} at {address} (Ctrl+C stops it)"]
        if _is_open_by_default():
            lines.append("Everybody may look at the sample; for your own registry people sign in.")
        if link := make_set_up_link(now=timezone.now()):
            lines.append(
                "There is no administrator yet. Whoever opens this link becomes the first; it "
                f"works once, for a day:\n  {self.style.SUCCESS(site + link)}"
            )
        return "\n".join(lines)


def _shows_sample() -> bool:
    """Say whether we show the sample: nobody declared a registry, nor added one in the browser."""
    return not settings.REGISTRIES and not RegistrySettings.objects.exists()


def _is_open_by_default() -> bool:
    """Say whether we let everybody read the sample: it is there, and nobody said anything."""
    said = {"REGISTRYUI_ANONYMOUS_READ", "REGISTRYUI_ANONYMOUS_REGISTRIES"}
    names = {name.removesuffix("_FILE") for name in os.environ}
    return _shows_sample() and not said & names


def _collect_static() -> None:
    """Collect the static files, unless they are built into an image that we may not write to."""
    root: Path = settings.STATIC_ROOT
    if (root / "staticfiles.json").exists() and not os.access(root, os.W_OK):
        return
    try:
        call_command("collectstatic", interactive=False, verbosity=0)
    except OSError as error:
        raise CommandError(
            f"Static files cannot be written to {root}: {error.strerror}. "
            "Set REGISTRYUI_STATIC_ROOT to a directory that can be written to."
        ) from error


def _metrics_shared_in(directory: Path) -> dict[str, str]:
    """Return the variable by which several web processes count together, for /metrics."""
    shared = directory / "metrics"
    shared.mkdir()
    return {"PROMETHEUS_MULTIPROC_DIR": str(shared)}


def _start_sample(together: Together, path: Path) -> tuple[Declaration, ...]:
    """Start the sample registry and declare it, in a file that the other processes read.

    It alone is open to everybody: another registry may be added in the browser beside it.
    """
    port = _free_port()
    path.write_text(SAMPLE.format(port=port), encoding="utf-8")
    together.environment["REGISTRYUI_REGISTRIES_FILE"] = str(path)
    if _is_open_by_default():
        together.environment["REGISTRYUI_ANONYMOUS_REGISTRIES"] = "sample"
    command = [sys.executable, "-m", "registryui.sample", "--port", str(port)]
    together.start("the sample registry", command)
    return from_file(path)


def _gunicorn(host: str, port: int) -> list[str]:
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    shared_memory = ["--worker-tmp-dir", "/dev/shm"] if Path("/dev/shm").is_dir() else []  # noqa: S108
    return [
        *(sys.executable, "-m", "gunicorn", "registryui.wsgi:application"),
        *("--bind", bind, "--worker-class", "gthread", "--threads", "32"),
        *("--workers", str(os.cpu_count() or 1), "--log-level", "warning", "--no-control-socket"),
        *("--max-requests", "10000", "--max-requests-jitter", "1000", "--preload"),
        *shared_memory,
    ]


def _check_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"Cannot listen on {host}:{port}: {error.strerror}. "
                "Choose another port: make run PORT=8080"
            ) from error


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
