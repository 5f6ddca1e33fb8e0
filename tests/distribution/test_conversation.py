import threading
from concurrent.futures import ThreadPoolExecutor
from time import sleep

import httpx
import pytest

from registryui.distribution import errors
from registryui.distribution.limits import Limits
from tests.distribution.fakes import FakeTime, Recorder, challenge, client_of


def failing(*failures):
    """Answer or raise these first, then succeed."""
    left = list(failures)

    def handle(request):
        if left:
            failure = left.pop(0)
            if isinstance(failure, Exception):
                raise failure
            return httpx.Response(failure) if isinstance(failure, int) else failure
        return httpx.Response(200, json={"tags": ["1"]})

    return Recorder(handle)


def limited(retry_after):
    return httpx.Response(429, headers={"retry-after": retry_after})


@pytest.mark.parametrize("failure", [408, 429, 500, 502, 503, 504, httpx.ReadTimeout("slow")])
def test_tries_again_after_a_temporary_failure(failure):
    time = FakeTime()

    listing = client_of(failing(failure, failure), limits=Limits(), time=time).tags("a")

    assert listing.names == ("1",)
    assert time.naps == [1, 2]


@pytest.mark.parametrize("failure", [400, 403, 404, 406, 501])
def test_does_not_try_again_what_will_not_change(failure):
    seen = failing(failure)

    with pytest.raises(errors.RegistryError):
        client_of(seen, limits=Limits()).tags("a")

    assert len(seen.requests) == 1


def test_does_not_try_again_a_wrong_certificate():
    seen = failing(httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] self-signed certificate"))

    with pytest.raises(errors.RegistryUnreachableError, match="self-signed"):
        client_of(seen, limits=Limits()).tags("a")

    assert len(seen.requests) == 1


def test_gives_up_after_so_many_tries():
    seen = failing(*[500] * 9)

    with pytest.raises(errors.RegistryUnreachableError, match="status 500"):
        client_of(seen, limits=Limits(tries=3)).tags("a")

    assert len(seen.requests) == 3


def test_waits_as_long_as_the_registry_says():
    time = FakeTime()

    client_of(failing(limited("30")), limits=Limits(), time=time).tags("a")

    assert time.naps == [30]


def test_waits_for_the_end_of_a_maintenance():
    time = FakeTime()
    busy = httpx.Response(503, headers={"retry-after": "20"})

    client_of(failing(busy), limits=Limits(), time=time).tags("a")

    assert time.naps == [20]


def test_does_not_wait_longer_than_the_cap():
    time = FakeTime()
    seen = failing(limited("3600"))
    client = client_of(seen, limits=Limits(), time=time)

    for _ in range(2):
        with pytest.raises(errors.RateLimitedError, match="3600 more seconds") as caught:
            client.tags("a")
        assert caught.value.retry_after_seconds == 3600

    assert len(seen.requests) == 1
    assert time.naps == []


def test_lets_all_threads_wait_when_one_is_told_to():
    time = FakeTime()
    seen = failing(limited("30"))
    client = client_of(seen, limits=Limits(tries=1), time=time)

    with pytest.raises(errors.RateLimitedError):
        client.tags("a")
    with pytest.raises(errors.RateLimitedError, match="left alone"):
        client.tags("b")
    time.now = 31
    client.tags("b")

    assert len(seen.requests) == 2


def test_waits_for_a_token_server_that_has_had_enough():
    left = [limited("5")]

    def handle(request):
        if request.url.host == "auth.corp.example":
            return left.pop() if left else httpx.Response(200, json={"token": "t"})
        if "authorization" in request.headers:
            return httpx.Response(200, json={"tags": []})
        return challenge()

    time = FakeTime()

    client_of(handle, limits=Limits(), time=time).tags("a")

    assert time.naps == [5]


def test_keeps_warnings_for_people():
    lines = [
        ("warning", '299 - "Deprecated: use \\"new\\""'),
        ("warning", '299 - "Deprecated: use \\"new\\""'),
        ("warning", '199 other "not for us"'),
        ("warning", '299 - "see https://a.example/?token=abc"'),
        ("warning", '299 - "one too many"'),
    ]
    client = client_of(
        lambda request: httpx.Response(200, json={"tags": []}, headers=lines),
        limits=Limits(max_warnings_kept=2),
    )

    client.tags("a")

    assert client.warnings == ('Deprecated: use "new"', "see https://a.example/?…")


def test_is_shared_by_many_threads():
    def handle(request):
        if request.url.host == "auth.corp.example":
            return httpx.Response(200, json={"token": "t"})
        if "authorization" in request.headers:
            return httpx.Response(200, json={"tags": ["1"]})
        return challenge("*")

    seen = Recorder(handle)
    client = client_of(seen)

    with ThreadPoolExecutor(16) as pool:
        listings = list(pool.map(lambda number: client.tags(f"a{number}"), range(100)))

    assert {listing.names for listing in listings} == {("1",)}
    assert client.requests_made == len(seen.requests)
    assert sum(request.url.host == "auth.corp.example" for request in seen.requests) == 1


def test_makes_no_more_requests_at_once_than_it_may():
    lock = threading.Lock()
    counts = {"now": 0, "most": 0}

    def handle(request):
        with lock:
            counts["now"] += 1
            counts["most"] = max(counts["most"], counts["now"])
        sleep(0.01)
        with lock:
            counts["now"] -= 1
        return httpx.Response(200, json={"tags": ["1"]})

    client = client_of(handle, limits=Limits(requests_at_once=2))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(client.tags, "abcdefghijklmnop"))

    assert counts["most"] == 2


def test_tells_and_takes_over_a_pause():
    time = FakeTime()
    client = client_of(failing(), limits=Limits(), time=time)
    assert client.pause_seconds == 0

    client.pause(10)
    assert client.pause_seconds == 10
    client.tags("a")

    assert time.naps == [10]
