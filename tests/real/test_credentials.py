"""Passwords that skopeo, podman and a helper keep, used at a registry that wants them."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from registryui.declarations import Declaration
from registryui.distribution.client import RegistryClient
from registryui.distribution.endpoint import Endpoint
from registryui.distribution.errors import RegistryRefusedError
from registryui.sync.progress import CrawlResult
from tests.connect.examining import diagnosis_of, looks_of
from tests.real.conftest import PASSWORD, USERNAME, Setup, Sync
from tests.real.skopeo import Skopeo

pytestmark = [pytest.mark.real, pytest.mark.django_db]


def at(setup: Setup, **settings: Any) -> Declaration:
    return Declaration(slug="default", url=setup.server.url, **settings)


def log_in(program: str, setup: Setup, file: Path, *, to: str = "") -> None:
    """Sign in as a person does, with the password on standard input."""
    options = ["--tls-verify=false", f"--authfile={file}", "--username", USERNAME]
    command = [program, "login", *options, "--password-stdin", setup.server.host + to]
    subprocess.run(command, input=PASSWORD.encode(), check=True, capture_output=True)


def write_helper(folder: Path, monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    """Put ``docker-credential-cloud`` on the PATH; it answers for the registry's host alone."""
    folder.mkdir()
    path = folder / "docker-credential-cloud"
    path.write_text(f"#!{sys.executable}\nimport sys\nhost = sys.stdin.read()\n{answer}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def is_whole(result: CrawlResult) -> bool:
    return result.is_complete and result.repositories > 0 and result.error == ""


def test_signs_in_with_what_skopeo_login_wrote(
    with_password: Setup, sync: Sync, tmp_path: Path
) -> None:
    log_in("skopeo", with_password, tmp_path / "auth.json")

    result = sync.run(at(with_password, auth_file=str(tmp_path / "auth.json")))

    assert is_whole(result)


@pytest.mark.podman
def test_signs_in_with_what_podman_login_wrote(
    with_password: Setup, sync: Sync, tmp_path: Path
) -> None:
    log_in("podman", with_password, tmp_path / "auth.json")

    result = sync.run(at(with_password, auth_file=str(tmp_path / "auth.json")))

    assert is_whole(result)


def test_signs_in_at_a_token_server_with_what_skopeo_login_wrote(
    with_tokens: Setup, sync: Sync, tmp_path: Path
) -> None:
    log_in("skopeo", with_tokens, tmp_path / "auth.json")

    result = sync.run(at(with_tokens, auth_file=str(tmp_path / "auth.json")))

    assert is_whole(result)


def test_signs_in_with_what_a_helper_hands_out(
    with_password: Setup,
    sync: Sync,
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answer = f'{{"ServerURL": "x", "Username": "{USERNAME}", "Secret": "{PASSWORD}"}}'
    host = with_password.server.host
    write_helper(
        tmp_path / "bin", monkeypatch, f"print({answer!r} if host == {host!r} else sys.exit(1))"
    )
    settings.CREDENTIAL_HELPERS = ["cloud"]

    result = sync.run(at(with_password, credential_helper="cloud"))

    assert is_whole(result)


def test_asks_the_helper_that_skopeo_asks(
    with_password: Setup,
    sync: Sync,
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    host, file = with_password.server.host, tmp_path / "config.json"
    file.write_text(json.dumps({"credHelpers": {host: "cloud"}}))
    answer = json.dumps({"ServerURL": host, "Username": USERNAME, "Secret": PASSWORD})
    write_helper(tmp_path / "bin", monkeypatch, f"print({answer!r})")
    settings.CREDENTIAL_HELPERS = ["cloud"]
    skopeo = Skopeo(host, ("--tls-verify=false", f"--authfile={file}"))

    assert skopeo.tags("team/app") == ["arm-only", "docker"]
    assert is_whole(sync.run(at(with_password, auth_file=str(file))))


@pytest.mark.podman
def test_keeps_to_the_namespace_that_podman_signed_in_to(
    with_password: Setup, tmp_path: Path
) -> None:
    file = tmp_path / "auth.json"
    log_in("podman", with_password, file, to="/team")

    with RegistryClient(Endpoint(with_password.server.url, auth_file=str(file))) as client:
        assert "docker" in client.tags("team/app").names
        with pytest.raises(RegistryRefusedError, match="wants a login") as caught:
            client.tags("library/multi")
        with pytest.raises(RegistryRefusedError, match="without a namespace: podman login"):
            client.catalog()

    assert f"has credentials for {with_password.server.host}/team and not for" in str(caught.value)


def test_says_on_the_registry_that_there_are_no_credentials_and_in_the_log_why(
    with_password: Setup, sync: Sync, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    sync.run(at(with_password, auth_file=str(tmp_path / "missing.json")))

    # Everybody who sees the registry reads the first; paths of the server are none of theirs.
    assert "cannot be had" in sync.registry.last_error
    assert "missing.json" not in sync.registry.last_error
    assert "missing.json, cannot be read: No such file" in caplog.text


def test_lets_the_doctor_say_which_helper_must_be_allowed(
    with_password: Setup, settings: Any
) -> None:
    looks = looks_of(diagnosis_of(settings, at(with_password, credential_helper="cloud")))

    assert looks["login"].state == "BROKEN"
    assert "kept by the helper “cloud”, which Registry UI may not run" in looks["login"].words
    assert looks["login"].fix == "Add it to REGISTRYUI_CREDENTIAL_HELPERS if it is to be run."
    assert looks["login"].explanation == "no-credentials"


def test_lets_the_doctor_say_what_the_file_lacks(
    with_password: Setup, settings: Any, tmp_path: Path
) -> None:
    (tmp_path / "config.json").write_text('{"auths": {}}')
    file = str(tmp_path / "config.json")

    looks = looks_of(diagnosis_of(settings, at(with_password, auth_file=file)))

    assert looks["login"].state == "BROKEN"
    assert looks["login"].fix.startswith(f"{file} has no credentials for")


def test_lets_the_doctor_say_where_the_accepted_password_is_kept(
    with_password: Setup, settings: Any, tmp_path: Path
) -> None:
    log_in("skopeo", with_password, tmp_path / "auth.json")
    file = str(tmp_path / "auth.json")

    looks = looks_of(diagnosis_of(settings, at(with_password, auth_file=file)))

    assert looks["login"].words == f"It accepts the user name and password in {file}."
