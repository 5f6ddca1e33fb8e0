"""The doctor finds each fault that a registry can have, and says what a client's user reads."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from django.core.management import CommandError, call_command

from registryui.audit.models import AuditEvent
from registryui.connect.doctor.course import LOOKS
from registryui.connect.explanations import explanation_of
from registryui.connect.models import Diagnosis, DiagnosisLook
from registryui.declarations import Declaration
from registryui.sample.serving import serve
from tests.connect.examining import declared, diagnosis_of, looks_of, states_of
from tests.real.conftest import PASSWORD, Setup, Sync
from tests.real.processes import docker_registry, free_port

pytestmark = [pytest.mark.real, pytest.mark.django_db]
KEYS = [look.key for look in LOOKS]
Examine = Callable[..., Diagnosis]


@pytest.fixture
def examine(db: None, settings: Any) -> Examine:
    """Return what has a declaration examined."""

    def run(declaration: Declaration, **options: Any) -> Diagnosis:
        return diagnosis_of(settings, declaration, **options)

    return run


def at(url: str, **settings: Any) -> Declaration:
    return Declaration(slug="default", url=url, **settings)


def the_broken_one(diagnosis: Diagnosis) -> DiagnosisLook:
    """Return the one look that found something broken; what needs it must not have been tried."""
    [broken] = [look for look in looks_of(diagnosis).values() if look.state == "BROKEN"]
    assert diagnosis.is_broken
    return broken


def message_of(look: DiagnosisLook) -> str:
    explanation = explanation_of(look.explanation)
    assert explanation is not None
    return explanation.example


def test_finds_nothing_broken_in_a_good_registry(examine, setup: Setup) -> None:
    diagnosis = examine(setup.declaration())

    states = states_of(diagnosis)
    assert list(states) == KEYS
    assert not diagnosis.is_broken
    needed = ("name", "port", "ping", "challenge", "login", "clock", "catalog", "tags", "manifest")
    assert {states[key] for key in needed} == {"FINE"}
    assert states["blob"] == "FINE"
    assert states["referrers"] == "UNSUPPORTED"  # 2.8.2 has no API for them
    assert states["deletion"] == "SKIPPED"
    assert PASSWORD not in repr(list(diagnosis.looks.values()))


def test_says_how_a_registry_asks_for_a_login(
    examine, plain: Setup, with_password: Setup, with_tokens: Setup
) -> None:
    words = [
        looks_of(examine(each.declaration()))["challenge"].words
        for each in (plain, with_password, with_tokens)
    ]

    assert words[0] == "It asks nobody for a login."
    assert words[1].startswith("Basic: ")
    assert words[2].startswith("Bearer: tokens come from 127.0.0.1:")


def test_says_how_long_the_certificate_is_valid(examine, secure: Setup) -> None:
    looks = looks_of(examine(secure.declaration()))

    assert [looks[key].state for key in ("chain", "names", "dates")] == ["FINE"] * 3
    assert "127.0.0.1" in looks["names"].words
    assert "days left" in looks["dates"].words


def test_changes_nothing_in_the_registry(examine, small: Setup) -> None:
    examine(small.declaration())

    assert {request.method for request in small.server.requests()} <= {"GET", "HEAD"}


def test_tries_deletion_when_asked_for(sync: Sync, examine, small: Setup) -> None:
    sync.run(small.declaration())

    looks = looks_of(examine(small.declaration(), with_deletion=True))

    assert looks["deletion"].state == "FINE"
    assert "by digest only" in looks["deletion"].words
    assert sync.registry.deletes_digests is True
    [done] = AuditEvent.objects.filter(action="DELETION_TEST", result="DONE")
    assert done.actor == "the tests"


def test_says_that_deletion_is_switched_off(
    sync: Sync, examine, small_storage: Path, tmp_path: Path
) -> None:
    section = {"delete": {"enabled": False}, "filesystem": {"rootdirectory": str(small_storage)}}
    with docker_registry(tmp_path, root=small_storage, storage=section) as server:
        sync.run(at(server.url))

        look = looks_of(examine(at(server.url), with_deletion=True))["deletion"]

    assert look.state == "UNSUPPORTED"
    assert "REGISTRY_STORAGE_DELETE_ENABLED=true" in look.fix
    assert "operation is unsupported" in message_of(look)


def test_says_that_plain_http_was_asked_by_https(examine, plain: Setup) -> None:
    look = the_broken_one(examine(at(plain.server.url.replace("http:", "https:"))))

    assert look.key == "chain"
    assert "speaks plain HTTP" in look.words
    assert "http://" in look.fix
    assert message_of(look) == "http: server gave HTTP response to HTTPS client"


def test_says_that_https_was_asked_by_plain_http(examine, secure: Setup) -> None:
    look = the_broken_one(examine(at(secure.server.url.replace("https:", "http:"))))

    assert look.key == "ping"
    assert "https://" in look.fix
    assert message_of(look) == "Client sent an HTTP request to an HTTPS server."


def test_says_that_nobody_knows_the_authority(examine, secure: Setup, tmp_path: Path) -> None:
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(other)

    for ca_file in ("", str(other)):
        look = the_broken_one(examine(secure.declaration(ca_file=ca_file)))

        assert look.key == "chain"
        assert "authority" in look.words
        assert "CA file" in look.fix
        assert "signed by unknown authority" in message_of(look)


@contextmanager
def registry_with(directory: Path, certificate: bytes, key: bytes) -> Iterator[str]:
    (directory / "server.pem").write_bytes(certificate)
    (directory / "server.key").write_bytes(key)
    tls = {"certificate": f"{directory}/server.pem", "key": f"{directory}/server.key"}
    with docker_registry(directory, http={"tls": tls}) as server:
        yield server.url


def issued(authority: trustme.CA, *names: str, **terms: Any) -> tuple[bytes, bytes]:
    made = authority.issue_cert(*names, **terms)
    return made.cert_chain_pems[0].bytes(), made.private_key_pem.bytes()


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> str:
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    return str(tmp_path / "ca.pem")


def test_says_that_the_certificate_has_expired(examine, authority, ca_file, tmp_path) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1, hours=1)
    pair = issued(authority, "127.0.0.1", not_after=yesterday)
    with registry_with(tmp_path, *pair) as url:
        look = the_broken_one(examine(at(url, ca_file=ca_file)))

    assert look.key == "dates"
    assert look.words.endswith("1 day ago.")
    assert "Renew" in look.fix
    assert "has expired" in message_of(look)


def test_warns_of_a_certificate_that_expires_soon(examine, authority, ca_file, tmp_path) -> None:
    soon = datetime.now(UTC) + timedelta(days=5, hours=1)
    with registry_with(tmp_path, *issued(authority, "127.0.0.1", not_after=soon)) as url:
        look = looks_of(examine(at(url, ca_file=ca_file)))["dates"]

    assert look.state == "WARNING"
    assert "5 days left" in look.words


def test_says_that_the_certificate_is_not_valid_yet(
    examine, authority, ca_file, tmp_path, time_machine
) -> None:
    with registry_with(tmp_path, *issued(authority, "127.0.0.1")) as url:
        time_machine.move_to(datetime(1999, 1, 1, tzinfo=UTC))
        look = looks_of(examine(at(url, ca_file=ca_file)))["dates"]

    assert look.state == "BROKEN"
    assert "Not valid before 2000-01-01" in look.words
    assert "clocks" in look.fix


def test_warns_of_a_certificate_that_nobody_verifies(examine, secure: Setup) -> None:
    look = looks_of(examine(secure.declaration(ca_file="", tls_verify=False)))["chain"]

    assert look.state == "WARNING"
    assert "switched off" in look.words
    assert "ca_file" in look.fix


def test_goes_on_past_a_certificate_that_nobody_verifies(examine, authority, tmp_path) -> None:
    with registry_with(tmp_path, *issued(authority, "other.example")) as url:
        looks = looks_of(examine(at(url, tls_verify=False)))

    assert (looks["names"].state, looks["ping"].state) == ("WARNING", "FINE")


def test_says_that_the_certificate_is_for_another_name(
    examine, authority, ca_file, tmp_path
) -> None:
    with registry_with(tmp_path, *issued(authority, "other.example")) as url:
        by_name = the_broken_one(
            examine(at(url.replace("127.0.0.1", "localhost"), ca_file=ca_file))
        )
        by_address = the_broken_one(examine(at(url, ca_file=ca_file)))

    assert by_name.key == by_address.key == "names"
    assert "made for other.example, not for localhost" in by_name.words
    assert "subjectAltName=DNS:localhost" in by_name.fix
    assert "certificate is valid for" in message_of(by_name)
    assert "subjectAltName=IP:127.0.0.1" in by_address.fix
    assert "IP SANs" in message_of(by_address)


def without_names() -> tuple[bytes, bytes]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=90))
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return made.public_bytes(Encoding.PEM), secret


def test_says_that_the_certificate_has_no_names(examine, tmp_path: Path) -> None:
    certificate, key = without_names()
    (tmp_path / "ca.pem").write_bytes(certificate)
    with registry_with(tmp_path, certificate, key) as url:
        named = url.replace("127.0.0.1", "localhost")
        look = looks_of(examine(at(named, ca_file=str(tmp_path / "ca.pem"))))["names"]

    assert look.state == "BROKEN"
    assert "no subjectAltName" in look.words
    assert "legacy Common Name" in message_of(look)


def test_says_that_a_client_certificate_is_wanted(examine, authority, ca_file, tmp_path) -> None:
    pair = issued(authority, "127.0.0.1")
    (tmp_path / "server.pem").write_bytes(pair[0])
    (tmp_path / "server.key").write_bytes(pair[1])
    tls = {
        "certificate": f"{tmp_path}/server.pem",
        "key": f"{tmp_path}/server.key",
        "clientcas": [ca_file],
    }
    with docker_registry(tmp_path, http={"tls": tls}) as server:
        look = the_broken_one(examine(at(server.url, ca_file=ca_file)))

    assert "client certificate" in look.words
    assert "certificate required" in message_of(look)


@pytest.mark.parametrize("guarded", ["with_password", "with_tokens"])
def test_says_that_the_password_is_wrong(request, examine, guarded: str) -> None:
    setup: Setup = request.getfixturevalue(guarded)
    secret = "hunter2-hunter2"

    diagnosis = examine(setup.declaration(password=secret))

    look = the_broken_one(diagnosis)
    assert look.key == "login"
    assert "password" in look.words + look.fix
    assert "unauthorized" in message_of(look)
    assert states_of(diagnosis)["challenge"] == "FINE"
    assert states_of(diagnosis)["catalog"] == "SKIPPED"
    assert secret not in repr(list(diagnosis.looks.values()))


def test_says_that_a_login_is_wanted(examine, with_password: Setup) -> None:
    look = the_broken_one(examine(with_password.declaration(username="", password="")))

    assert look.key == "login"
    assert "no basic auth credentials" in message_of(look)


def page(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
    start_response("502 Bad Gateway", [("Content-Type", "text/html"), ("Content-Length", "34")])
    return [b"<html><h1>502 Bad Gateway</h1>\n  \n"[:34]]


def login_page(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "text/html"), ("Content-Length", "22")])
    return [b"<html>Sign in, please."]


@pytest.mark.parametrize("app", [page, login_page])
def test_says_that_a_web_page_answers(examine, app) -> None:
    with serve(app) as url:
        look = the_broken_one(examine(at(url)))

    assert look.key == "ping"
    assert "proxy" in look.fix or "log" in look.fix
    assert "invalid character '<'" in message_of(look)


def test_says_that_nobody_listens(examine) -> None:
    diagnosis = examine(at(f"http://127.0.0.1:{free_port()}"))

    look = the_broken_one(diagnosis)
    assert look.key == "port"
    assert "connection refused" in message_of(look)
    assert states_of(diagnosis)["ping"] == "SKIPPED"
    assert looks_of(diagnosis)["ping"].words == "Port has to work first."


def test_says_that_nobody_knows_the_host(examine) -> None:
    look = the_broken_one(examine(at("https://registry.invalid:5000")))

    assert look.key == "name"
    assert "No such host" in look.words
    assert "no such host" in message_of(look)


def test_says_that_the_clock_is_wrong(examine, time_machine, plain: Setup) -> None:
    time_machine.move_to(datetime.now(UTC) + timedelta(hours=2))

    look = the_broken_one(examine(plain.declaration()))

    assert look.key == "clock"
    assert "behind ours" in look.words
    assert "NTP" in look.fix


def test_says_that_a_certificate_file_cannot_be_read(examine) -> None:
    diagnosis = examine(at("https://127.0.0.1:5000", ca_file="/nowhere/ca.pem"))

    assert diagnosis.is_broken
    assert "CA file" in diagnosis.error
    assert not diagnosis.looks.exists()


def test_leaves_a_registry_alone_that_wants_a_pause(examine, settings) -> None:
    asked = []

    def busy(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        asked.append(environ["PATH_INFO"])
        headers = [("Retry-After", "600"), ("Content-Length", "0")]
        start_response("429 Too Many Requests", headers)
        return [b""]

    with serve(busy) as url:
        diagnosis = examine(at(url))

    assert asked == ["/v2/"]
    assert looks_of(diagnosis)["ping"].state == "WARNING"
    assert "left alone" in looks_of(diagnosis)["login"].words
    diagnosis.registry.refresh_from_db()
    assert diagnosis.registry.paused_until is not None


def test_is_a_command_that_fails_when_something_is_broken(settings, plain: Setup) -> None:
    said = StringIO()
    with declared(settings, plain.declaration()):
        call_command("doctor", "default", stdout=said)
    assert "as a registry does" in said.getvalue()

    said = StringIO()
    with (
        declared(settings, at(f"http://127.0.0.1:{free_port()}")),
        pytest.raises(CommandError, match="broken"),
    ):
        call_command("doctor", "default", stdout=said)
    assert "docker says: dial tcp" in said.getvalue()
