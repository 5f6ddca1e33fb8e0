"""An examination asks little, tells a registry from a page, and reads what it is told with care."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from registryui.distribution.client import RegistryClient
from registryui.distribution.endpoint import Endpoint
from registryui.distribution.errors import RegistryUnreachableError
from registryui.distribution.examining import Examination, Greeting
from registryui.distribution.limits import Limits

BASIC = 'Basic realm="x"'


def greeting(status: int, content: bytes = b"{}", **headers: str) -> Greeting:
    """Return how a registry that answers so greets us; credentials must not be sent for it."""

    def answer(request: httpx.Request) -> httpx.Response:
        assert "authorization" not in request.headers
        named: dict[str, Any] = {name.replace("_", "-"): text for name, text in headers.items()}
        return httpx.Response(status, headers=named, content=content)

    endpoint = Endpoint("https://registry.example", username="ann", password="hunter2")
    transport = httpx.MockTransport(answer)
    with RegistryClient(endpoint, limits=Limits(tries=1), transport=transport) as client:
        return Examination(client).greeting()


@pytest.mark.parametrize(
    ("status", "content", "headers", "is_registry"),
    [
        (200, b"{}", {}, True),
        (200, b"", {}, True),
        (200, b"true", {"content_type": "text/html"}, False),
        (200, b" <html>", {}, False),
        (401, b"{}", {"www_authenticate": BASIC}, True),
        (401, b"<html>", {"www_authenticate": BASIC}, True),
        (401, b"<html>", {}, False),
        (404, b"{}", {}, False),
        (403, b"{}", {}, False),
    ],
)
def test_tells_a_registry_from_something_else(status, content, headers, is_registry):
    assert greeting(status, content, **headers).is_registry is is_registry


def test_reads_the_date_and_the_server():
    found = greeting(200, date="Mon, 23 Nov 2026 12:00:00 GMT", server="nginx\x1b[31m")

    assert found.date == datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert found.server == "nginx [31m"


@pytest.mark.parametrize("date", ["", "yesterday", "Mon, 99 Nov 2026 12:00:00 GMT"])
def test_takes_no_date_for_none(date):
    assert greeting(200, date=date).date is None


def test_takes_a_date_without_a_zone_for_utc():
    found = greeting(200, date="Mon, 23 Nov 2026 12:00:00 -0000")

    assert found.date == datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_says_that_https_is_wanted():
    with pytest.raises(RegistryUnreachableError) as raised:
        greeting(400, b"Client sent an HTTP request to an HTTPS server.\n")

    assert raised.value.cause == "needs-https"


@pytest.mark.parametrize(
    ("url", "host", "port", "is_tls"),
    [
        ("https://registry.example", "registry.example", 443, True),
        ("http://[::1]:5000", "::1", 5000, False),
        ("https://docker.io", "registry-1.docker.io", 443, True),
    ],
)
def test_knows_where_it_asks(url, host, port, is_tls):
    with RegistryClient(Endpoint(url), transport=httpx.MockTransport(httpx.Response)) as client:  # type: ignore[arg-type]
        found = Examination(client)

        assert (found.host, found.port, found.is_tls) == (host, port, is_tls)


def test_knows_what_stays_on_this_machine():
    with RegistryClient(Endpoint("http://127.0.0.1:5000")) as client:
        assert Examination(client).is_on_this_machine()
    with RegistryClient(Endpoint("http://192.0.2.1:5000")) as client:
        assert not Examination(client).is_on_this_machine()
