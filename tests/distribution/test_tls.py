import ssl
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import trustme
from cryptography.hazmat.primitives import serialization

from registryui.distribution.client import RegistryClient
from registryui.distribution.endpoint import Endpoint, InvalidEndpointError
from registryui.distribution.errors import RegistryUnreachableError
from registryui.distribution.limits import Limits
from registryui.distribution.tls import tls_context
from registryui.oci.digest import Digest
from registryui.sample.builder import push_blob
from registryui.sample.registry import SampleRegistry
from registryui.sample.serving import serve


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def authority_file(authority, tmp_path):
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(path)
    return str(path)


@contextmanager
def registry(certificate, *, client_authority=None):
    """Serve the sample registry with this certificate; the value is its https URL."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.configure_cert(context)
    if client_authority:
        client_authority.configure_trust(context)
        context.verify_mode = ssl.CERT_REQUIRED
    with serve(SampleRegistry(), tls=context) as url:
        yield url


def ping(url, **settings):
    with RegistryClient(Endpoint(url, **settings), limits=Limits(tries=1)) as client:
        return client.ping()


def failure(url, **settings):
    with pytest.raises(RegistryUnreachableError) as caught:
        ping(url, **settings)
    return caught.value


def test_trusts_its_own_authority(authority, authority_file):
    with registry(authority.issue_cert("127.0.0.1")) as url:
        assert ping(url, ca_file=authority_file).api_version == "registry/2.0"


def test_names_the_cure_for_an_unknown_authority(authority):
    with registry(authority.issue_cert("127.0.0.1")) as url:
        error = failure(url)

    assert error.cause == "tls"
    assert not error.temporary
    assert "CA file" in error.for_people


def test_names_the_cure_for_a_self_signed_certificate(authority):
    # An authority's own certificate is the self-signed one at hand.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with authority.private_key_pem.tempfile() as key, authority.cert_pem.tempfile() as certificate:
        context.load_cert_chain(certificate, key)
    with serve(SampleRegistry(), tls=context) as url:
        error = failure(url)

    assert error.cause == "tls"
    assert "self-signed" in error.for_people


def test_verifies_nothing_when_told_so(authority):
    with registry(authority.issue_cert("other.example")) as url:
        assert ping(url, tls_verify=False)


def test_names_the_cure_for_a_wrong_name(authority, authority_file):
    with registry(authority.issue_cert("other.example")) as url:
        error = failure(url, ca_file=authority_file)

    assert error.cause == "tls"
    assert "another name" in error.for_people


def test_names_the_cure_for_an_expired_certificate(authority, authority_file):
    past = datetime(2020, 1, 1, tzinfo=UTC)
    with registry(authority.issue_cert("127.0.0.1", not_after=past)) as url:
        error = failure(url, ca_file=authority_file)

    assert error.cause == "tls"
    assert "expired" in error.for_people


def encrypt(path, password):
    key = serialization.load_pem_private_key(Path(path).read_bytes(), None)
    encrypted = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(password),
    )
    Path(path).write_bytes(encrypted)


def client_files(authority, tmp_path):
    certificate = authority.issue_cert("client@registry.example")
    chain, key = tmp_path / "client.pem", tmp_path / "client.key"
    certificate.cert_chain_pems[0].write_to_path(chain)
    certificate.private_key_pem.write_to_path(key)
    return {"client_cert_file": str(chain), "client_key_file": str(key)}


def test_shows_its_client_certificate(authority, authority_file, tmp_path):
    files = client_files(authority, tmp_path)

    with registry(authority.issue_cert("127.0.0.1"), client_authority=authority) as url:
        assert ping(url, ca_file=authority_file, **files)


def test_takes_authority_certificate_and_key_as_texts(authority, authority_file, tmp_path):
    files = client_files(authority, tmp_path)
    texts: dict[str, Any] = {
        "ca_pem": Path(authority_file).read_text(),
        "client_cert_pem": Path(files["client_cert_file"]).read_text(),
        "client_key_pem": Path(files["client_key_file"]).read_text(),
    }

    with registry(authority.issue_cert("127.0.0.1"), client_authority=authority) as url:
        assert ping(url, **texts)
    assert "PRIVATE" not in repr(Endpoint("https://registry.example", **texts))


def test_leaves_no_file_behind_of_a_key_given_as_text(authority, tmp_path, monkeypatch):
    files = client_files(authority, tmp_path)
    texts: dict[str, Any] = {
        "client_cert_pem": Path(files["client_cert_file"]).read_text(),
        "client_key_pem": Path(files["client_key_file"]).read_text(),
    }
    place = tmp_path / "place"
    place.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(place))

    RegistryClient(Endpoint("https://registry.example", **texts)).close()

    assert list(place.iterdir()) == []


@pytest.mark.parametrize("text", ["not PEM", "ä", "-----BEGIN CERTIFICATE-----\nAAAA"])
@pytest.mark.parametrize("setting", ["ca_pem", "client_cert_pem"])
def test_says_which_text_cannot_be_used(setting, text):
    settings: dict[str, Any] = {setting: text}
    with pytest.raises(InvalidEndpointError, match="cannot be"):
        RegistryClient(Endpoint("https://registry.example", **settings))


def test_takes_certificate_and_key_from_one_file(authority, authority_file, tmp_path):
    both = tmp_path / "both.pem"
    authority.issue_cert("client@registry.example").private_key_and_cert_chain_pem.write_to_path(
        both
    )

    with registry(authority.issue_cert("127.0.0.1"), client_authority=authority) as url:
        assert ping(url, ca_file=authority_file, client_cert_file=str(both))


def test_says_that_a_client_certificate_is_wanted(authority, authority_file):
    with registry(authority.issue_cert("127.0.0.1"), client_authority=authority) as url:
        error = failure(url, ca_file=authority_file)

    assert error.cause == "client-certificate"
    assert "client certificate" in error.for_people


def read_redirected_blob(registry_certificate, storage, **settings):
    """Read a blob that the registry redirects to ``storage``, another TLS server."""
    app = SampleRegistry()
    digest = push_blob(app, "a", b"{}", "application/json")["digest"]
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    registry_certificate.configure_cert(context)
    with serve(app, tls=context) as url, serve(app, tls=storage) as storage_url:
        app.switches.blob_redirect = storage_url
        with RegistryClient(Endpoint(url, **settings), limits=Limits(tries=1)) as client:
            return client.blob("a", Digest.parse(digest), max_bytes=100)


@pytest.mark.parametrize("tls_verify", [True, False])
def test_trusts_its_authority_at_the_storage_too(authority, authority_file, tls_verify):
    storage = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate = authority.issue_cert("127.0.0.1")
    certificate.configure_cert(storage)
    ca_file = authority_file if tls_verify else ""

    content = read_redirected_blob(certificate, storage, ca_file=ca_file, tls_verify=tls_verify)

    assert content == b"{}"


def test_shows_its_client_certificate_to_nobody_else(authority, authority_file, tmp_path):
    files = client_files(authority, tmp_path)
    certificate = authority.issue_cert("127.0.0.1")
    storage = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.configure_cert(storage)
    authority.configure_trust(storage)
    storage.verify_mode = ssl.CERT_REQUIRED

    with pytest.raises(RegistryUnreachableError) as caught:
        read_redirected_blob(certificate, storage, ca_file=authority_file, **files)

    assert caught.value.cause == "client-certificate"


def test_finds_authorities_where_the_system_has_none(monkeypatch):
    nothing = SimpleNamespace(cafile=None, capath=None)
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: nothing)

    context = tls_context(Endpoint("https://registry.example"), is_registry=True, verify=True)

    assert context.cert_store_stats()["x509_ca"] > 50


def test_recognises_a_plain_port():
    with serve(SampleRegistry()) as url:
        error = failure(url.replace("http://", "https://"))

    assert error.cause == "plain-http"
    assert "http://" in error.for_people


def test_never_falls_back_to_plain_http():
    app = SampleRegistry()
    with serve(app) as url:
        failure(url.replace("http://", "https://"), username="u", password="p")

    assert app.requests == []


def test_does_not_get_through_to_a_tls_port_in_plain_http(authority):
    with registry(authority.issue_cert("127.0.0.1")) as url:
        error = failure(url.replace("https://", "http://"))

    assert error.operation == "answer a ping"


@pytest.mark.parametrize("content", [None, "not PEM"])
@pytest.mark.parametrize("setting", ["ca_file", "client_cert_file"])
def test_says_which_file_cannot_be_used(setting, content, tmp_path):
    path = tmp_path / "file.pem"
    if content:
        path.write_text(content)

    settings: dict[str, Any] = {setting: str(path)}
    with pytest.raises(InvalidEndpointError, match="cannot be"):
        RegistryClient(Endpoint("https://registry.example", **settings))


def test_does_not_ask_for_the_password_of_a_key(tmp_path, authority):
    files = client_files(authority, tmp_path)
    encrypt(files["client_key_file"], b"secret")

    RegistryClient(
        Endpoint("https://registry.example", client_key_password="secret", **files)
    ).close()
    for password in ("", "wrong"):
        with pytest.raises(InvalidEndpointError, match="key's password"):
            RegistryClient(
                Endpoint("https://registry.example", client_key_password=password, **files)
            )
