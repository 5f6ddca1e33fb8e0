"""``manage.py syncregistry`` as a person runs it: a process, variables, a database of its own."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings

from tests.real.conftest import PASSWORD, USERNAME, Setup
from tests.real.processes import eventually

pytestmark = pytest.mark.real

TAGS = 111  # of the filled registry, the signature's included


class Machine:
    """A machine with nothing but a directory of its own and some variables."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.variables: dict[str, str] = {"REGISTRYUI_SYNC_THREADS": "4"}

    def manage(self, *arguments: str) -> "subprocess.Popen[str]":
        """Start a management command."""
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith("REGISTRYUI_")
        }
        environment = {
            **inherited,
            "DJANGO_SETTINGS_MODULE": "registryui.settings",
            "REGISTRYUI_DATA_DIR": str(self.directory),
            **self.variables,
        }
        return subprocess.Popen(
            [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str) -> tuple[int, str]:
        """Run a command to its end; return its exit code and all that it said."""
        process = self.manage(*arguments)
        said = process.communicate(timeout=60)
        return process.returncode, "".join(said)

    def let_claims_end(self) -> None:
        """Do as if the time were over that a dead process keeps repositories to itself."""
        with closing(sqlite3.connect(self.directory / "registryui.sqlite3")) as database:
            database.execute("UPDATE catalog_repository SET claimed_until = NULL")
            database.commit()

    def tags(self) -> list[tuple[str, str, str]]:
        """Return repository, name and digest of each tag in its database."""
        query = (
            "SELECT r.name, t.name, m.digest FROM catalog_tag t "
            "JOIN catalog_repository r ON r.id = t.repository_id "
            "JOIN catalog_manifest m ON m.id = t.manifest_id ORDER BY 1, 2"
        )
        with closing(sqlite3.connect(self.directory / "registryui.sqlite3")) as database:
            return database.execute(query).fetchall()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Return a machine whose database is there and empty."""
    machine = Machine(tmp_path / "data")
    code, said = machine.run("migrate", "--verbosity", "0")
    assert code == 0, said
    return machine


def test_syncs_the_registry_of_the_environment(machine: Machine, with_password: Setup) -> None:
    secret = machine.directory / "password"
    secret.write_text(f"{PASSWORD}\n", encoding="utf-8")
    machine.variables |= {
        "REGISTRYUI_REGISTRY_URL": with_password.server.url,
        "REGISTRYUI_REGISTRY_USERNAME": USERNAME,
        "REGISTRYUI_REGISTRY_PASSWORD_FILE": str(secret),
    }

    code, said = machine.run("syncregistry")

    assert code == 0, said
    tags = {(repository, tag): digest for repository, tag, digest in machine.tags()}
    assert len(tags) == TAGS
    for repository, tag in (("team/app", "arm-only"), ("team/app/backend/api", "1.2.3")):
        assert tags[repository, tag] == with_password.skopeo.digest(f"{repository}:{tag}")


def test_syncs_one_registry_of_a_file(machine: Machine, secure: Setup, small: Setup) -> None:
    file = machine.directory / "registries.toml"
    file.write_text(
        f"[registries.secure]\nurl = {json.dumps(secure.server.url)}\n"
        f"ca_file = {json.dumps(secure.settings['ca_file'])}\n"
        f"[registries.small]\nurl = {json.dumps(small.server.url)}\n",
        encoding="utf-8",
    )
    machine.variables["REGISTRYUI_REGISTRIES_FILE"] = str(file)

    code, said = machine.run("syncregistry", "small")

    assert code == 0, said
    assert len(machine.tags()) == 16
    assert secure.server.host not in said


def test_ends_with_1_and_a_message_when_it_cannot_read(machine: Machine, plain: Setup) -> None:
    machine.variables["REGISTRYUI_REGISTRY_URL"] = f"https://{plain.server.host}"

    code, said = machine.run("syncregistry")

    assert code == 1
    assert "speaks plain HTTP, not HTTPS. If that is on purpose, write its address with" in said
    assert "Traceback" not in said


def test_goes_on_where_it_was_killed(machine: Machine, plain: Setup) -> None:
    machine.variables["REGISTRYUI_REGISTRY_URL"] = plain.server.url
    process = machine.manage("syncregistry")
    # Killed once it has begun to write, wherever it is then.
    eventually(lambda: process.poll() is not None or machine.tags())
    process.send_signal(signal.SIGKILL)
    process.communicate()
    early = machine.tags()
    machine.let_claims_end()

    code, said = machine.run("syncregistry")

    assert code == 0, said
    assert set(early) <= set(machine.tags())
    assert len(machine.tags()) == TAGS
