"""Debian's docker-registry, behind its own authority and a password, added in the browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
from django.test import Client

from registryui import connections
from registryui.audit.models import AuditEvent
from registryui.catalog.models import Registry, RegistrySettings, Repository
from tests.people import administrators_browser
from tests.real.conftest import HTPASSWD, PASSWORD, USERNAME
from tests.real.processes import Server, docker_registry
from tests.registries.adding import filled, work

pytestmark = [pytest.mark.real, pytest.mark.django_db]
PAGE = "/registries/add/"
WRONG = "never-the-password"


@pytest.fixture
def guarded(small_storage: Path, authority: trustme.CA, tmp_path: Path) -> Iterator[Server]:
    """Run it with a certificate of our own authority, for those who know the password."""
    issued = authority.issue_cert("127.0.0.1")
    issued.cert_chain_pems[0].write_to_path(tmp_path / "server.pem")
    issued.private_key_pem.write_to_path(tmp_path / "server.key")
    (tmp_path / "htpasswd").write_text(HTPASSWD, encoding="utf-8")
    tls = {"certificate": f"{tmp_path}/server.pem", "key": f"{tmp_path}/server.key"}
    auth = {"htpasswd": {"realm": "the tests", "path": f"{tmp_path}/htpasswd"}}
    with docker_registry(tmp_path, root=small_storage, http={"tls": tls}, auth=auth) as server:
        yield server
    connections.close_clients()


@pytest.fixture
def administrator() -> Client:
    """Return the browser of an administrator."""
    return administrators_browser()


def broken_after(browser: Client, sent: dict[str, str]) -> dict[str, str]:
    """Send the form; return what the test found broken, in words."""
    page = browser.post(f"{PAGE}?format=json", sent).json()
    return {look["key"]: look["words"] for look in page["looks"] if look["state"] == "BROKEN"}


def test_is_added_with_its_authority_and_password(
    administrator: Client, guarded: Server, authority: trustme.CA, caplog: pytest.LogCaptureFixture
) -> None:
    sent = filled(guarded.url, username=USERNAME, password=PASSWORD)
    with_authority = sent | {"ca_pem": authority.cert_pem.bytes().decode()}

    unknown = broken_after(administrator, sent)
    wrong = broken_after(administrator, with_authority | {"password": WRONG})
    response = administrator.post(PAGE, with_authority)
    work()

    assert list(unknown) == ["chain"]
    assert list(wrong) == ["login"]
    assert "the login is wrong" in wrong["login"]
    assert response.status_code == 303
    row = Registry.objects.get(slug="mine")
    assert row.last_error == ""
    assert Repository.objects.in_registry(row).holding_images().count() > 10
    for secret in (PASSWORD, WRONG):
        assert secret not in caplog.text
        assert secret not in str(list(AuditEvent.objects.values()))
        assert secret not in str(RegistrySettings.objects.values().get())
        assert secret not in administrator.get("/r/mine/-/settings/").text


def test_says_that_it_wants_a_login(
    administrator: Client, guarded: Server, authority: trustme.CA
) -> None:
    sent = filled(guarded.url, ca_pem=authority.cert_pem.bytes().decode())

    assert "there is none" in broken_after(administrator, sent)["login"]


def test_is_read_unverified_on_purpose(administrator: Client, guarded: Server) -> None:
    sent = filled(guarded.url, username=USERNAME, password=PASSWORD, tls_verify="")

    assert administrator.post(PAGE, sent).status_code == 303


def test_wants_the_client_certificate_that_was_pasted(
    administrator: Client, small_storage: Path, authority: trustme.CA, tmp_path: Path
) -> None:
    issued, mine = authority.issue_cert("127.0.0.1"), authority.issue_cert("registry-ui.example")
    issued.cert_chain_pems[0].write_to_path(tmp_path / "server.pem")
    issued.private_key_pem.write_to_path(tmp_path / "server.key")
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    tls = {
        "certificate": f"{tmp_path}/server.pem",
        "key": f"{tmp_path}/server.key",
        "clientcas": [f"{tmp_path}/ca.pem"],
    }
    pasted = {
        "client_cert_pem": mine.cert_chain_pems[0].bytes().decode(),
        "client_key_pem": mine.private_key_pem.bytes().decode(),
    }
    with docker_registry(tmp_path, root=small_storage, http={"tls": tls}) as server:
        sent = filled(server.url, ca_pem=authority.cert_pem.bytes().decode())

        without = broken_after(administrator, sent)
        response = administrator.post(PAGE, sent | pasted)
        work()

    connections.close_clients()
    assert "certificate" in " ".join(without.values())
    assert response.status_code == 303
    assert Registry.objects.get(slug="mine").last_error == ""
    key = pasted["client_key_pem"].splitlines()[1]
    assert key not in administrator.get("/r/mine/-/settings/").text
    assert key not in str(RegistrySettings.objects.values().get())
