"""The server: connections that stay open, chunks, TLS, early ends."""

import http.client
import socket
import ssl
import threading
from contextlib import closing
from urllib.parse import urlsplit

import httpx
import pytest
import trustme

from registryui.oci.digest import Digest
from registryui.sample.builder import image
from registryui.sample.registry import SampleRegistry
from registryui.sample.serving import serve


@pytest.fixture
def served(registry):
    with serve(registry) as url:
        yield url


def connect(url):
    return closing(http.client.HTTPConnection(urlsplit(url).netloc, timeout=20))


def raw(url, text):
    """Send a text and return all that comes back until the server closes."""
    address = urlsplit(url)
    with socket.create_connection((address.hostname, address.port), timeout=20) as made:
        made.sendall(text)
        made.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: made.recv(65536), b""))


def test_keeps_a_connection_open(registry, served):
    image(registry, "a/b", "1")

    with connect(served) as connection:
        connection.connect()
        first_socket = connection.sock
        for path in ("/v2/", "/v2/no", "/v2/a/b/tags/list"):
            connection.request("GET", path)
            connection.getresponse().read()

        assert connection.sock is first_socket


def test_reads_what_the_app_did_not(registry, served):
    registry.switches.fail_next = [401]

    with connect(served) as connection:
        connection.request("PATCH", "/v2/a/blobs/uploads/1", body=b"x" * 300_000)
        refused = connection.getresponse()
        refused.read()
        connection.request("GET", "/v2/")
        answered = connection.getresponse()

    assert (refused.status, answered.status) == (401, 200)


def test_undoes_chunks(registry, served):
    content = b"x" * 200_000 + b"y"
    parts = iter([content[:100_000], b"", content[100_000:200_000], content[200_000:]])

    with httpx.Client(base_url=served, trust_env=False) as client:
        upload = client.post("/v2/a/b/blobs/uploads/").headers["Location"]
        client.patch(upload, content=(part for part in parts if part))
        client.put(f"{upload}?digest={Digest.of(content)}")
        answer = client.get(f"/v2/a/b/blobs/{Digest.of(content)}")

    assert answer.content == content


def test_reads_trailers_and_extensions_of_chunks(registry, served):
    digest = Digest.of(b"abc")
    request = (
        f"POST /v2/a/b/blobs/uploads/?digest={digest} HTTP/1.1\r\nHost: registry.example\r\n"
        "Transfer-Encoding: chunked\r\n\r\n3;name=value\r\nabc\r\n0\r\nX-Trailer: 1\r\n\r\n"
        "GET /v2/ HTTP/1.1\r\nHost: registry.example\r\nConnection: close\r\n\r\n"
    )

    answers = raw(served, request.encode())

    assert answers.count(b"HTTP/1.1 ") == 2
    assert b"201 Created" in answers
    assert b"200 OK" in answers


def test_closes_after_a_body_that_was_cut(registry, served):
    image(registry, "a/b", "1", docker=True)
    registry.switches.cut_paths = ["manifests"]

    with pytest.raises(httpx.RemoteProtocolError):
        httpx.get(f"{served}/v2/a/b/manifests/1", trust_env=False)


def test_sends_no_body_after_a_head_and_goes_on(registry, served):
    digest = image(registry, "a/b", "1", docker=True)

    with connect(served) as connection:
        connection.request("HEAD", "/v2/a/b/manifests/1")
        head = connection.getresponse()
        head.read()
        connection.request("GET", "/v2/")
        ping = connection.getresponse()

    assert head.headers["Docker-Content-Digest"] == str(digest)
    assert ping.status == 200


def test_decodes_paths_and_joins_repeated_headers(registry, served):
    request = (
        "GET /v2/%61/b/manifests/1?n=%31 HTTP/1.1\r\nHost: registry.example\r\n"
        "Accept: text/plain\r\nAccept: text/html\r\nConnection: close\r\n\r\n"
    )

    raw(served, request.encode())

    asked = registry.requests[0]
    assert (asked.path, asked.query) == ("/v2/a/b/manifests/1", "n=%31")
    assert asked.headers["accept"] == "text/plain, text/html"


def test_survives_clients_that_leave(registry, served):
    image(registry, "a/b", "1")

    raw(served, b"POST /v2/a/b/blobs/uploads/?digest=x HTTP/1.1\r\nContent-Length: 900\r\n\r\nabc")

    assert httpx.get(f"{served}/v2/", trust_env=False).status_code == 200


def test_says_what_went_wrong_in_the_app(capfd):
    def broken(environ, start_response):
        raise RuntimeError("the app is broken")

    with serve(broken) as url, pytest.raises(httpx.RemoteProtocolError):
        httpx.get(url, trust_env=False)

    assert "the app is broken" in capfd.readouterr().err


def test_serves_many_at_once(registry, served):
    image(registry, "a/b", "1")
    statuses: list[int] = []

    def ask():
        with httpx.Client(base_url=served, trust_env=False) as client:
            statuses.extend(client.get("/v2/a/b/tags/list").status_code for _ in range(20))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert statuses == [200] * 160
    assert registry.count() == 160


def test_speaks_tls():
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    registry = SampleRegistry()
    registry.switches.auth = "bearer"

    with serve(registry, tls=context) as url:
        answer = httpx.get(f"{url}/v2/", verify=trusting, trust_env=False)
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{url}/v2/", trust_env=False)

    assert url.startswith("https://127.0.0.1:")
    assert f'realm="{url}/token"' in answer.headers["WWW-Authenticate"]
