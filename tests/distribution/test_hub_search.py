"""The client of Docker Hub's search: what it takes for an answer, and what it makes of others."""

import json
import socket
import threading
import time

import httpx
import pytest

from registryui.distribution.errors import (
    InvalidContentError,
    RateLimitedError,
    RegistryRefusedError,
    RegistryUnreachableError,
)
from registryui.distribution.hub_search import MOST_BYTES, HubRepository, HubSearch
from registryui.sample.serving import serve
from tests.distribution.fakes import FakeTime
from tests.hub.fake import FakeHub


def client_of(fake, **settings):
    return HubSearch("https://hub.example", transport=httpx.WSGITransport(fake), **settings)


def found(*results):
    return client_of(FakeHub(results)).search("x", page=1, size=25).repositories


def test_reads_what_docker_hub_says():
    finds = client_of(FakeHub(count=4321)).search("centos", page=1, size=25)

    assert finds.total == 4321
    assert finds.repositories[0] == HubRepository(
        name="centos",
        description="DEPRECATED; The official build of CentOS.",
        star_count=7700,
        pull_count=1_120_000_000,
        is_official=True,
        is_automated=False,
    )
    assert finds.repositories[2].name == "busybox"
    assert finds.repositories[2].pull_count is None


def test_asks_once_for_a_page():
    fake = FakeHub()

    client_of(fake).search("nginx & co", page=3, size=25)

    assert fake.asked == [{"query": "nginx & co", "page": "3", "page_size": "25"}]
    assert fake.seen[0]["PATH_INFO"] == "/v2/search/repositories/"


def test_sends_neither_cookies_nor_a_name():
    fake = FakeHub()
    fake.headers = [("Set-Cookie", "track=1")]
    client = client_of(fake)

    client.search("a", page=1, size=25)
    client.search("b", page=1, size=25)

    assert not {"HTTP_COOKIE", "HTTP_AUTHORIZATION", "HTTP_REFERER"} & set(fake.seen[1])


def test_keeps_the_path_of_a_mirror():
    fake = FakeHub()
    client = HubSearch("https://mirror.example/hub", transport=httpx.WSGITransport(fake))

    client.search("a", page=1, size=25)

    assert fake.seen[0]["PATH_INFO"] == "/hub/v2/search/repositories/"


@pytest.mark.parametrize(
    "result",
    [
        {"repo_name": "../../etc"},
        {"repo_name": "<script>alert(1)</script>"},
        {"repo_name": "javascript:alert(1)"},
        {"repo_name": "a" * 400},
        {"repo_name": 7},
        {},
        "text",
        None,
    ],
)
def test_leaves_out_what_is_no_repository(result):
    assert found(result) == ()


def test_bounds_and_straightens_what_it_is_told():
    [repository] = found(
        {
            "repo_name": "team/app",
            "short_description": "a\n\tb" + "c" * 9999,
            "star_count": -5,
            "pull_count": "many",
            "is_official": "yes",
            "is_automated": 1,
        }
    )

    assert repository.description.startswith("a bccc")
    assert len(repository.description) == 500
    assert (repository.star_count, repository.pull_count) == (0, None)
    assert (repository.is_official, repository.is_automated) == (False, False)


def test_does_not_believe_that_somebodys_repository_is_official():
    [repository] = found({"repo_name": "evil/nginx", "is_official": True})

    assert not repository.is_official


@pytest.mark.parametrize(
    "body",
    [
        b"<html>Sign in</html>",
        b"",
        b"[]",
        b'{"results": 3}',
        b'{"detail": "x"}',
        b"\xff",
        b"[" * 9999,
    ],
)
def test_tells_another_server_from_docker_hub(body):
    fake = FakeHub()
    fake.fail("200 OK", body=body)

    with pytest.raises(InvalidContentError):
        client_of(fake).search("a", page=1, size=25)


def test_follows_no_redirect():
    fake = FakeHub()
    fake.fail("302 Found", ("Location", "https://elsewhere.example/"))

    with pytest.raises(InvalidContentError):
        client_of(fake).search("a", page=1, size=25)
    assert len(fake.asked) == 1


def test_takes_no_more_than_a_page_needs():
    fake = FakeHub()
    fake.fail("200 OK", body=b'{"results": [], "x": "' + b"x" * MOST_BYTES + b'"}')

    with pytest.raises(InvalidContentError) as raised:
        client_of(fake).search("a", page=1, size=25)

    assert raised.value.code == "TOO_LARGE"


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (("X-Retry-After", "1000090"), None),  # before our time: no date of ours
        (("Retry-After", "30"), 30),
        (("Retry-After", "soon"), None),
    ],
)
def test_says_how_long_to_wait(header, seconds):
    fake = FakeHub()
    fake.fail("429 Too Many Requests", header, body=b'{"message": "slow down"}')

    with pytest.raises(RateLimitedError) as raised:
        client_of(fake, clock=FakeTime().clock).search("a", page=1, size=25)

    assert raised.value.retry_after_seconds == seconds


def test_reads_a_unix_time_as_docker_hub_sends_it():
    fake = FakeHub()
    fake.fail("429 Too Many Requests", ("X-Retry-After", "1780000090"))

    with pytest.raises(RateLimitedError) as raised:
        client_of(fake, clock=FakeTime(1_780_000_000.0).clock).search("a", page=1, size=25)

    assert raised.value.retry_after_seconds == 90


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("403 Forbidden", RegistryRefusedError),
        ("407 Proxy Authentication Required", RegistryRefusedError),
        ("500 Internal Server Error", RegistryUnreachableError),
        ("503 Service Unavailable", RegistryUnreachableError),
        ("404 Not Found", InvalidContentError),
    ],
)
def test_says_what_a_failure_means(status, kind):
    fake = FakeHub()
    fake.fail(status)

    with pytest.raises(kind):
        client_of(fake).search("a", page=1, size=25)


def test_says_that_nobody_listens():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        client = HubSearch(f"http://127.0.0.1:{unused.getsockname()[1]}")

        with pytest.raises(RegistryUnreachableError) as raised:
            client.search("a", page=1, size=25)

    assert raised.value.cause == "refused"


def test_waits_no_longer_than_it_may():
    released = threading.Event()

    def never(environ, start_response):
        released.wait(10)
        start_response("200 OK", [])
        return [b""]

    with serve(never) as url:
        client = HubSearch(url, seconds=0.2)
        began = time.monotonic()
        with pytest.raises(RegistryUnreachableError) as raised:
            client.search("a", page=1, size=25)
        waited = time.monotonic() - began
        released.set()

    assert raised.value.cause == "timeout"
    assert waited < 5
    client.close()


def test_asks_over_a_real_connection():
    fake = FakeHub([{"repo_name": "nginx", "star_count": 1}])

    with serve(fake) as url:
        client = HubSearch(url)
        finds = client.search("nginx", page=1, size=25)
        client.close()

    assert [each.name for each in finds.repositories] == ["nginx"]
    assert json.dumps(fake.asked[0]) == '{"query": "nginx", "page": "1", "page_size": "25"}'
