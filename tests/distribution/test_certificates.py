"""Certificates are read whoever vouches for them, and compared with names as clients compare."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer

import pytest
import trustme

from registryui.distribution.certificates import Certificate, certificate_of
from registryui.distribution.endpoint import Endpoint
from registryui.distribution.errors import RegistryUnreachableError


class Silent(BaseRequestHandler):
    """Shakes hands and says nothing."""

    def handle(self) -> None:
        context: ssl.SSLContext = self.server.context  # type: ignore[attr-defined]
        try:
            with context.wrap_socket(self.request, server_side=True) as secure:
                secure.recv(1)
        except OSError:
            pass  # whoever does not believe us hangs up


@contextmanager
def serving(issued: trustme.LeafCert) -> Iterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    issued.configure_cert(context)
    with ThreadingTCPServer(("127.0.0.1", 0), Silent) as server:
        server.daemon_threads = True
        server.context = context  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"https://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA(organization_name="Example Company")


def read(url: str, **settings: str | bool) -> Certificate:
    return certificate_of(Endpoint(url, **settings), seconds=5)  # type: ignore[arg-type]


def test_reads_one_that_nobody_vouches_for(authority):
    with serving(authority.issue_cert("registry.example", "127.0.0.1")) as url:
        found = read(url)

    assert found.names == ("registry.example", "127.0.0.1")
    assert "Example Company" in found.issuer
    assert found.protocol.startswith("TLSv1.")
    assert isinstance(found.fault, RegistryUnreachableError)
    assert found.fault.cause == "tls"


def test_believes_one_of_an_authority_that_is_known(authority, tmp_path: Path):
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    with serving(authority.issue_cert("127.0.0.1")) as url:
        found = read(url, ca_file=str(tmp_path / "ca.pem"))

    assert found.fault is None


def test_finds_no_fault_where_nothing_is_verified(authority):
    with serving(authority.issue_cert("other.example")) as url:
        found = read(url, tls_verify=False)

    assert found.fault is None
    assert not found.is_for("127.0.0.1")


@pytest.mark.parametrize(
    ("names", "host", "is_for"),
    [
        (("registry.example",), "registry.example", True),
        (("Registry.Example",), "REGISTRY.example", True),
        (("registry.example",), "other.example", False),
        (("*.example.org",), "hub.example.org", True),
        (("*.example.org",), "a.hub.example.org", False),
        (("*.example.org",), "example.org", False),
        (("127.0.0.1",), "127.0.0.1", True),
        (("::1",), "[0:0::1]", True),
        (("registry.example",), "127.0.0.1", False),
        (("127.0.0.1",), "127.0.0.2", False),
        ((), "registry.example", False),
    ],
)
def test_compares_names_as_clients_do(authority, names, host, is_for):
    with serving(authority.issue_cert(*(names or ("x",)))) as url:
        found = read(url)
    if not names:
        assert not found.is_for(host)
        return

    assert found.is_for(host) is is_for


def test_says_why_there_is_none():
    with ThreadingTCPServer(("127.0.0.1", 0), Silent) as server:
        port = server.server_address[1]

    with pytest.raises(RegistryUnreachableError) as raised:
        read(f"https://127.0.0.1:{port}")

    assert raised.value.cause == "refused"
