"""The container's health check."""

import pytest

from registryui.sample.serving import serve
from registryui.web.probe import probe


def site(status):
    """Return a site that always answers alike."""

    def answer(environ, start_response):
        start_response(status, [("Content-Type", "text/plain")])
        return [b"what it says\n"]

    return answer


def test_is_content_when_the_site_is_ready(capsys):
    with serve(site("200 OK")) as url:
        result = probe(f"{url}/readyz")

    assert result == 0
    assert capsys.readouterr().out == "what it says\n"


def test_says_why_when_it_is_not(capsys):
    with serve(site("503 Service Unavailable")) as url:
        result = probe(f"{url}/readyz")

    assert result == 1
    assert capsys.readouterr().out == "what it says\n"


def test_says_that_nobody_answers(capsys):
    with serve(site("200 OK")) as url:
        pass

    result = probe(f"{url}/readyz")

    assert result == 1
    assert "refused" in capsys.readouterr().out


def test_asks_without_a_proxy(monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")

    with serve(site("200 OK")) as url:
        assert probe(f"{url}/readyz") == 0


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_is_answered_under_any_name_with_or_without_https(client, db, settings, path):
    settings.SECURE_SSL_REDIRECT = True

    response = client.get(path, headers={"host": "10.0.0.7:8000"})

    assert response.status_code == 200
