import logging

import httpx
import pytest

from registryui.distribution.errors import InvalidContentError, RegistryUnreachableError
from registryui.distribution.limits import Limits
from registryui.distribution.wire import USER_AGENT
from tests.distribution.fakes import FakeTime, Recorder, client_of


def test_says_who_it_is_and_wants_no_compression():
    seen = Recorder(lambda request: httpx.Response(200))

    client_of(seen).ping()

    headers = seen.requests[0].headers
    assert headers["user-agent"] == USER_AGENT
    assert headers["accept-encoding"] == "identity"
    assert headers["host"] == "registry.corp.example"
    assert "cookie" not in headers


def test_keeps_no_cookies():
    seen = Recorder(lambda request: httpx.Response(200, headers={"set-cookie": "a=b"}))
    client = client_of(seen)

    client.ping()
    client.ping()

    assert "cookie" not in seen.requests[1].headers
    assert client.requests_made == 2


def test_refuses_a_compressed_answer():
    client = client_of(
        lambda request: httpx.Response(
            200, headers={"content-encoding": "gzip"}, stream=httpx.ByteStream(b"bomb")
        )
    )

    with pytest.raises(InvalidContentError, match="compressed") as caught:
        client.ping()

    assert caught.value.code == "CONTENT_ENCODING"


def test_stops_reading_at_the_cap():
    client = client_of(
        lambda request: httpx.Response(200, content=b"x" * 101), limits=Limits(error_bytes=100)
    )

    with pytest.raises(InvalidContentError, match="larger than the 100 bytes"):
        client.ping()


def test_reads_only_the_beginning_of_an_error():
    client = client_of(
        lambda request: httpx.Response(403, content=b"a long story"), limits=Limits(error_bytes=6)
    )

    with pytest.raises(Exception, match="“a long”"):
        client.ping()


def test_cuts_off_an_answer_that_drips():
    time = FakeTime()

    def drip():
        for _ in range(10):
            time.now += 1
            yield b"x"

    client = client_of(
        lambda request: httpx.Response(200, content=drip()),
        time=time,
        limits=Limits(tries=1, answer_seconds=5),
    )

    with pytest.raises(RegistryUnreachableError, match="too slowly") as caught:
        client.ping()

    assert caught.value.cause == "timeout"


@pytest.mark.parametrize(
    ("failure", "cause", "temporary"),
    [
        (httpx.ConnectTimeout("timed out"), "timeout", True),
        (httpx.ReadTimeout("timed out"), "timeout", True),
        (httpx.ConnectError("[Errno 111] Connection refused"), "refused", True),
        (httpx.ConnectError("[Errno -2] Name or service not known"), "dns", True),
        (httpx.RemoteProtocolError("Server disconnected without a response."), "closed", True),
        (httpx.ReadError("[Errno 104] Connection reset by peer"), "closed", True),
        (httpx.ConnectError("[Errno 113] No route to host"), "network", True),
        (httpx.ConnectError("[SSL: WRONG_VERSION_NUMBER] wrong version"), "plain-http", False),
        (httpx.ConnectError("[SSL] record layer failure (_ssl.c:1)"), "plain-http", False),
        (httpx.ReadError("[SSL: SSLV3_ALERT_BAD_CERTIFICATE] x"), "client-certificate", False),
        (
            httpx.ReadError("[SSL: TLSV13_ALERT_CERTIFICATE_REQUIRED] x"),
            "client-certificate",
            False,
        ),
        (httpx.ConnectError("[SSL: UNSUPPORTED_PROTOCOL] x"), "tls", False),
        (httpx.ConnectError("an SSL problem"), "tls", False),
        (httpx.StreamClosed(), "closed", True),
    ],
)
def test_says_why_nothing_came(failure, cause, temporary):
    def fail(request):
        raise failure

    with pytest.raises(RegistryUnreachableError) as caught:
        client_of(fail).ping()

    assert (caught.value.cause, caught.value.temporary) == (cause, temporary)
    assert "registry.corp.example" in caught.value.for_people
    assert caught.value.operation == "answer a ping"


def test_does_not_log_urls(caplog):
    with caplog.at_level(logging.INFO):
        client_of(lambda request: httpx.Response(200)).ping()

    assert caplog.records == []


def test_leaves_the_logger_of_httpx_quiet():
    assert not logging.getLogger("httpx").isEnabledFor(logging.INFO)
