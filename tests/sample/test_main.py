"""The command: it serves until it is told to stop."""

import io
import runpy
import signal
import subprocess
import sys
from contextlib import contextmanager

import httpx
import pytest

from registryui.sample import __main__ as command
from registryui.sample.registry import SampleRegistry
from registryui.sample.serving import RegistryServer


@contextmanager
def started(*options):
    arguments = [sys.executable, "-m", "registryui.sample", "--port", "0", *options]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process, (process.stdout or io.StringIO()).readline().split()[-1]
        finally:
            process.kill()


def test_serves_images_until_terminated():
    with started() as (process, url):
        names = httpx.get(f"{url}/v2/_catalog", trust_env=False).json()["repositories"]
        process.send_signal(signal.SIGTERM)
        status = process.wait(timeout=20)

    assert "library/centos" in names
    assert status == 0


def test_is_a_command_of_python(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["registryui.sample", "--help"])
    monkeypatch.delitem(sys.modules, "registryui.sample.__main__")

    with pytest.raises(SystemExit):
        runpy.run_module("registryui.sample", run_name="__main__")

    assert "--auth" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "status", "names"),
    [(["--empty"], 200, 0), (["--empty", "--auth", "basic"], 401, 0), ([], 200, 20)],
)
def test_takes_options(monkeypatch, capsys, options, status, names):
    served: list[RegistryServer] = []

    def interrupted(server):
        served.append(server)
        raise KeyboardInterrupt

    monkeypatch.setattr(RegistryServer, "serve_forever", interrupted)
    monkeypatch.setattr(signal, "signal", lambda *_: None)

    command.main(["--port", "0", *options])

    registry = served[0].app
    assert isinstance(registry, SampleRegistry)
    assert len(registry.store.names()) >= names
    client = httpx.Client(transport=httpx.WSGITransport(app=registry), base_url=served[0].url)
    assert client.get("/v2/").status_code == status
    assert served[0].url in capsys.readouterr().out


def test_behaves_as_the_kind_it_is_told_to_be():
    with started("--empty", "--kind", "distribution-3.1.1-read-only") as (_, url):
        allowed = httpx.options(f"{url}/v2/a/manifests/1", trust_env=False).headers["Allow"]

    assert allowed == "GET, HEAD"
