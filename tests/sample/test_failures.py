"""Failures on demand."""

import pytest

from registryui.sample.builder import image


def test_limits_the_rate(registry, client):
    registry.switches.rate_limit_after = 2

    statuses = [client.get("/v2/").status_code for _ in range(3)]
    answer = client.get("/v2/")
    registry.forget_requests()

    assert statuses == [200, 200, 429]
    assert answer.headers["Retry-After"] == "1"
    assert answer.json()["errors"][0]["code"] == "TOOMANYREQUESTS"
    assert client.get("/v2/").status_code == 200


@pytest.mark.parametrize("retry_after", ["", "Fri, 20 Nov 2026 10:00:00 GMT"])
def test_says_when_to_come_back(registry, client, retry_after):
    registry.switches.fail_next = [429]
    registry.switches.retry_after = retry_after

    assert client.get("/v2/").headers.get("Retry-After", "") == retry_after


def test_fails_the_next_requests(registry, client):
    registry.switches.fail_next = [500, 503]

    assert [client.get("/v2/").status_code for _ in range(3)] == [500, 503, 200]


@pytest.mark.parametrize(
    ("status", "code"), [(401, "UNAUTHORIZED"), (404, "NAME_UNKNOWN"), (500, "UNKNOWN")]
)
def test_fails_with_an_error_of_the_specification(registry, client, status, code):
    registry.switches.fail_next = [status]

    answer = client.get("/v2/")

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (status, code)


def test_fails_as_a_gateway(registry, client):
    registry.switches.fail_next = [502]

    answer = client.get("/v2/")

    assert (answer.status_code, answer.headers["Content-Type"]) == (502, "text/html")
    assert "502 Bad Gateway" in answer.text


def test_fails_on_a_path(registry, client):
    registry.switches.fail_paths = {"_catalog?last=": 500}

    assert client.get("/v2/_catalog").status_code == 200
    assert client.get("/v2/_catalog?last=a").status_code == 500


def test_shows_a_login_page(registry, client):
    registry.switches.html_login_page = True

    answer = client.get("/v2/")

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html")


def test_takes_no_changes_when_read_only(registry, client):
    registry.switches.read_only = True
    image(registry, "a/b", "1")

    answer = client.delete("/v2/a/b/manifests/1")

    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")
    assert client.get("/v2/a/b/manifests/1").status_code == 200
    assert client.options("/v2/a/b/manifests/1").headers["Allow"] == "GET, HEAD"


def test_takes_no_pushes_when_it_is_a_cache(registry, client):
    registry.switches.push_enabled = False
    image(registry, "a/b", "1")
    content = client.get("/v2/a/b/manifests/1").content

    answers = [
        client.put("/v2/a/b/manifests/1", content=content),
        client.post("/v2/a/b/blobs/uploads/"),
    ]

    assert [(answer.status_code, answer.json()["errors"][0]["code"]) for answer in answers] == [
        (405, "UNSUPPORTED")
    ] * 2


def test_is_slow_with_one_method(registry, client, clock):
    registry.switches.slow_seconds = 7.5
    registry.switches.slow_methods = {"DELETE"}

    client.get("/v2/")
    client.delete("/v2/a/manifests/1")

    assert clock.slept == [7.5]


def test_is_slow_on_a_path_or_everywhere(registry, client, clock):
    registry.switches.slow_seconds = 7.5

    client.get("/v2/")
    registry.switches.slow_paths = ["tags/list"]
    client.get("/v2/")
    client.get("/v2/a/tags/list")

    assert clock.slept == [7.5, 7.5]


def test_cuts_a_body(registry, client):
    image(registry, "a/b", "1")
    registry.switches.cut_paths = ["manifests/1"]

    answer = client.get("/v2/a/b/manifests/1")

    assert len(answer.content) == int(answer.headers["Content-Length"]) // 2


def test_warns(registry, client):
    registry.switches.warnings = ["This registry closes.", "Really."]

    answer = client.get("/v2/")

    assert answer.headers.get_list("Warning") == [
        '299 - "This registry closes."',
        '299 - "Really."',
    ]
