"""What a registry says of the pulls it counts, and how the client keeps to it."""

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registryui.distribution.errors import NotFoundError, RateLimitedError
from registryui.distribution.pulls import (
    PullLimit,
    Pulls,
    PullsKeptError,
    is_pull_limit,
    pull_limit_in,
)
from tests.distribution.fakes import FakeTime, client_of

HOUR = 3600
NOW = 1_780_000_000.0
HUB = {
    "ratelimit-limit": "100;w=21600",
    "ratelimit-remaining": "62;w=21600",
    "docker-ratelimit-source": "203.0.113.7",
}


def said(**changes):
    headers = {**HUB, **{name.replace("_", "-"): value for name, value in changes.items()}}
    return pull_limit_in(httpx.Headers(headers), NOW)


def limit(remaining, *, of=100, at=NOW):
    return PullLimit(of, remaining, 6 * HOUR, "", at, at + 6 * HOUR)


def pulls_of(time=None, *, are_expected=False):
    return Pulls("hub.example", (time or FakeTime(NOW)).clock, are_expected=are_expected)


def test_reads_docker_hubs_headers():
    assert said() == PullLimit(100, 62, 6 * HOUR, "203.0.113.7", NOW, NOW + 6 * HOUR)


def test_reads_when_the_count_begins_anew():
    in_seconds = said(ratelimit_reset="1200")
    at_a_time = said(ratelimit_reset=str(int(NOW) + 900))

    assert in_seconds.renewed_at == NOW + 1200
    assert at_a_time.renewed_at == NOW + 900


def test_reads_what_others_call_it():
    headers = {
        "x-ratelimit-limit": "5000",
        "x-ratelimit-remaining": "4999",
        "x-ratelimit-reset": str(int(NOW) + HOUR),
    }

    found = pull_limit_in(httpx.Headers(headers), NOW)

    assert found is not None
    assert (found.limit, found.remaining, found.renewed_at) == (5000, 4999, NOW + HOUR)


@pytest.mark.parametrize(
    "changes",
    [
        {"ratelimit_limit": ""},
        {"ratelimit_remaining": "many"},
        {"ratelimit_limit": "0;w=21600"},
        {"ratelimit_remaining": "-1;w=21600"},
        {"ratelimit_limit": "100", "ratelimit_remaining": "5"},  # for how long, nobody says
        {"ratelimit_limit": "100;w=60", "ratelimit_remaining": "5;w=60"},  # waited through
        {"ratelimit_limit": "1;w=999999999", "ratelimit_remaining": "1;w=999999999"},
        {"ratelimit_limit": "99999999999999"},
    ],
)
def test_takes_no_limit_from_what_makes_no_sense(changes):
    assert said(**changes) is None


def test_bounds_what_it_believes():
    found = said(ratelimit_remaining="999;w=21600", docker_ratelimit_source="<b>evil</b>")

    assert (found.remaining, found.source) == (100, "")


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_never_fails_on_what_a_header_says(first, second, third):
    names = ("ratelimit-limit", "ratelimit-remaining", "ratelimit-reset")
    values = (each.encode("utf-8", "replace") for each in (first, second, third))
    headers = httpx.Headers([(n.encode(), v) for n, v in zip(names, values, strict=True)])

    found = pull_limit_in(headers, NOW)

    assert found is None or 0 <= found.remaining <= found.limit


def fetch(pulls, reserve=10):
    with pulls.one(reserve):
        pass


def test_keeps_a_reserve():
    pulls = pulls_of()
    pulls.learn(limit(11))
    fetch(pulls)

    pulls.learn(limit(10, at=NOW + 1))
    with pytest.raises(PullsKeptError) as raised:
        fetch(pulls)

    assert not raised.value.temporary
    assert "hub.example" in raised.value.for_people


def test_counts_what_is_under_way():
    pulls = pulls_of()
    pulls.learn(limit(12))

    with pulls.one(10), pulls.one(10), pytest.raises(PullsKeptError):
        fetch(pulls)


def test_fetches_again_when_the_count_has_begun_anew():
    time = FakeTime(NOW)
    pulls = pulls_of(time)
    pulls.learn(limit(0))

    time.now += 6 * HOUR

    fetch(pulls)


def test_fetches_nothing_that_counts_when_all_is_kept():
    pulls = pulls_of(are_expected=True)

    with pytest.raises(PullsKeptError):
        fetch(pulls, reserve=100)


def test_fetches_without_a_limit_what_is_not_counted():
    pulls = pulls_of(are_expected=True)

    pulls.note(httpx.Headers({}), is_success=True)

    assert not pulls.are_counted
    fetch(pulls, reserve=100)


def test_concludes_nothing_from_a_failure_without_a_count():
    pulls = pulls_of(are_expected=True)

    pulls.note(httpx.Headers({}), is_success=False)

    assert pulls.are_counted
    assert not pulls.is_settled


def test_is_not_misled_by_answers_that_overtake_each_other():
    pulls = pulls_of()
    with pulls.one(0):
        pulls.note(httpx.Headers({**HUB, "ratelimit-remaining": "61;w=21600"}), is_success=True)
        pulls.note(httpx.Headers(HUB), is_success=True)

    assert pulls.known.remaining == 61


def test_sees_that_the_count_has_begun_anew():
    time = FakeTime(NOW)
    pulls = pulls_of(time)
    pulls.note(httpx.Headers(HUB), is_success=True)
    time.now += HOUR

    pulls.note(httpx.Headers({**HUB, "ratelimit-remaining": "99;w=21600"}), is_success=True)

    assert (pulls.known.remaining, pulls.known.renewed_at) == (99, NOW + 7 * HOUR)


def test_learns_nothing_that_is_older():
    pulls = pulls_of()
    pulls.learn(limit(50, at=NOW))

    pulls.learn(limit(90, at=NOW - 1))

    assert pulls.known.remaining == 50


@pytest.mark.parametrize("was_known", [True, False])
def test_fetches_nothing_after_it_was_refused(was_known):
    pulls = pulls_of()
    if was_known:
        pulls.learn(limit(50))

    pulls.note_exhausted()

    with pytest.raises(PullsKeptError):
        fetch(pulls, reserve=0)


def test_tries_again_a_while_after_a_refusal_that_gave_no_count():
    time = FakeTime(NOW)
    pulls = pulls_of(time)
    pulls.note_exhausted()

    time.now += 901

    fetch(pulls, reserve=0)


@pytest.mark.parametrize(
    ("status", "headers", "body", "is_about_pulls"),
    [
        (429, {"ratelimit-remaining": "0;w=21600"}, b"", True),
        (429, {}, b"You have reached your pull rate limit.", True),
        (
            429,
            {},
            b'{"errors":[{"message":"You have reached your unauthenticated pull rate limit"}]}',
            True,
        ),
        (429, {"ratelimit-remaining": "50;w=21600"}, b"Too Many Requests", False),
        (429, {}, b"Too Many Requests", False),
        (403, {}, b"You have reached your pull rate limit.", False),
    ],
)
def test_tells_the_end_of_pulls_from_too_many_requests(status, headers, body, is_about_pulls):
    assert is_pull_limit(status, httpx.Headers(headers), body) is is_about_pulls


def test_neither_waits_nor_tries_again_when_there_are_no_more_pulls():
    time, asked = FakeTime(NOW), []

    def answer(request):
        asked.append(request.method)
        if request.method == "HEAD":
            return httpx.Response(404)
        body = {
            "errors": [
                {"code": "TOOMANYREQUESTS", "message": "You have reached your pull rate limit."}
            ]
        }
        return httpx.Response(429, json=body)

    client = client_of(answer, time=time, base_url="https://docker.io")
    with pytest.raises(PullsKeptError) as raised:
        client.manifest("app", "1")
    with pytest.raises(NotFoundError):
        client.resolve("app", "1")

    assert asked == ["GET", "HEAD"]
    assert time.naps == []
    assert client.pause_seconds == 0
    assert "lets us pull nothing more" in raised.value.for_people


def test_waits_as_ever_when_there_were_too_many_requests():
    client = client_of(lambda request: httpx.Response(429), base_url="https://docker.io")

    with pytest.raises(RateLimitedError) as raised:
        client.manifest("app", "1")

    assert not isinstance(raised.value, PullsKeptError)
    assert client.pause_seconds > 0
