"""Error messages are recognised, explained, and found by whoever pastes one into the search."""

import pytest

from registryui.connect.explanations import EXPLANATIONS, explanation_of, explanations_for

# As programs print them, with what is around them.
PASTED = {
    'Error response from daemon: Get "https://reg.example:5000/v2/": http: server gave HTTP '
    "response to HTTPS client": "plain-http",
    "Error response from daemon: Client sent an HTTP request to an HTTPS server.": "needs-https",
    'failed to do request: Head "https://reg.example/v2/a/manifests/1": tls: failed to verify '
    "certificate: x509: certificate signed by unknown authority": "unknown-authority",
    "curl: (60) SSL certificate problem: unable to get local issuer certificate": (
        "unknown-authority"
    ),
    "x509: certificate relies on legacy Common Name field, use SANs or temporarily enable Common "
    "Name matching": "common-name",
    "x509: cannot validate certificate for 10.0.0.5 because it doesn't contain any IP SANs": (
        "no-ip-san"
    ),
    "x509: certificate is valid for a.example, b.example, not c.example": "wrong-name",
    "x509: certificate has expired or is not yet valid: current time 2026-01-02T03:04:05Z is after "
    "2025-01-01T00:00:00Z": "expired",
    "remote error: tls: bad certificate": "client-certificate",
    "remote error: tls: certificate required": "client-certificate",
    "no basic auth credentials": "no-credentials",
    "unauthorized: authentication required": "unauthorized",
    "denied: requested access to the resource is denied": "denied",
    "Error response from daemon: pull access denied for app, repository does not exist or may "
    "require 'docker login': denied: requested access to the resource is denied": "pull-access",
    "Error response from daemon: manifest for reg.example/app:9 not found: manifest unknown: "
    "manifest unknown": "manifest-unknown",
    "no matching manifest for linux/arm64/v8 in the manifest list entries": "no-platform",
    "toomanyrequests: You have reached your pull rate limit. You may increase the limit": (
        "rate-limit"
    ),
    "received unexpected HTTP status: 502 Bad Gateway": "not-a-registry",
    "error parsing HTTP 404 response body: invalid character '<' looking for beginning of value: "
    '"<html>"': "not-a-registry",
    "unsupported: The operation is unsupported.": "unsupported",
    "invalid reference format: repository name (library/App) must be lowercase": "lower-case",
    "dial tcp: lookup reg.example: no such host": "no-such-host",
    "dial tcp 10.0.0.5:5000: connect: connection refused": "refused",
    "dial tcp 10.0.0.5:5000: i/o timeout": "timeout",
    "error parsing HTTP 413 response body: invalid character '<' looking for beginning of value: "
    '"<h1>413 Request Entity Too Large</h1>"': "too-large",
}


@pytest.mark.parametrize("text", PASTED)
def test_knows_what_a_message_means(text):
    assert explanations_for(text)[0].key == PASTED[text]


@pytest.mark.parametrize("each", EXPLANATIONS, ids=lambda each: each.key)
def test_knows_its_own_example(each):
    assert explanations_for(each.example)[0] is each
    assert explanation_of(each.key) is each
    assert each.cause.endswith(".")
    assert all(remedy.text.endswith((".", '"0".')) for remedy in each.remedies)


def test_has_one_explanation_of_each_kind():
    assert len({each.key for each in EXPLANATIONS}) == len(EXPLANATIONS)


def test_reads_over_line_breaks_and_capitals():
    text = "ERROR: X509: certificate\n   signed by\tUNKNOWN authority"

    assert explanations_for(text)[0].key == "unknown-authority"


@pytest.mark.parametrize("text", ["", "nginx", "platform/api:2.4.1", "linux/arm64", "a" * 100_000])
def test_takes_nothing_else_for_a_message(text):
    assert explanations_for(text) == ()


@pytest.mark.parametrize("text", PASTED)
def test_is_found_from_the_search(client, db, text):
    hint = client.get("/search/", {"q": text, "format": "json"}).json()["hint"]

    assert hint["text"].startswith("This looks like an error message: ")
    page = client.get(hint["url"])
    assert page.status_code == 200
    assert f"<p>{text}" not in page.text


@pytest.mark.parametrize("text", ["", "ubuntu", "unauthorized", "library/ubuntu 24.04"])
def test_hints_at_nothing_for_what_may_be_a_name(client, db, text):
    assert client.get("/search/", {"q": text, "format": "json"}).json()["hint"] is None


def test_shows_the_hint_on_the_page_of_the_search(client, db):
    page = client.get("/search/", {"q": "no basic auth credentials"}).text

    assert "This looks like an error message" in page
    assert "/explain/?q=no+basic+auth+credentials" in page


def test_explains_everything_when_nothing_is_asked(client, db):
    page = client.get("/explain/?format=json").json()

    assert len(page["explanations"]) == len(EXPLANATIONS)
    assert not page["is_known"]


def test_says_that_a_message_is_not_known(client, db):
    page = client.get("/explain/", {"q": "<script>alert(1)</script> went wrong"}).text

    assert "not one we know" in page
    assert "<script>alert" not in page


def test_gives_the_part_alone_to_htmx(client, db):
    part = client.get("/explain/", {"q": "i/o timeout"}, headers={"HX-Request": "true"}).text

    assert part.lstrip().startswith('<section id="explanations"')
