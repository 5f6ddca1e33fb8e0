"""What people are told when the registry cannot be read; what was indexed stays."""

from pathlib import Path
from typing import Any

import pytest
import trustme

from registryui.catalog.models import Tag
from tests.real.comparing import Get
from tests.real.conftest import Setup, Sync
from tests.real.processes import free_port

pytestmark = pytest.mark.real


def fails(sync: Sync, get: Get, small: Setup, broken: Any) -> str:
    """Sync a good registry, then the same one declared wrongly; return what people read."""
    sync.run(small.declaration())
    before = set(Tag.objects.values_list("name", "manifest__digest"))

    result = sync.run(broken)

    assert not result.is_complete
    assert set(Tag.objects.values_list("name", "manifest__digest")) == before
    [registry] = get("/")["registries"]
    assert registry["tag_count"] == 16
    words: str = registry["freshness"]["reason"]
    assert result.error in words
    assert (registry["freshness"]["state"], registry["freshness"]["is_failure"]) == ("stale", True)
    return words


@pytest.mark.parametrize(
    ("guarded", "sentence"),
    [
        ("with_password", "the login is wrong, or it lacks the permission."),
        ("with_tokens", "does not accept the user name and password."),
    ],
)
def test_says_that_the_password_is_wrong(
    request: pytest.FixtureRequest, sync: Sync, get: Get, small: Setup, guarded: str, sentence: str
) -> None:
    setup: Setup = request.getfixturevalue(guarded)

    words = fails(sync, get, small, setup.declaration(password="wrong"))

    assert sentence in words
    assert "Check " in words
    assert setup.server.host in words


@pytest.mark.parametrize("guarded", ["with_password", "with_tokens"])
def test_says_that_a_login_is_wanted(
    request: pytest.FixtureRequest, sync: Sync, get: Get, small: Setup, guarded: str
) -> None:
    setup: Setup = request.getfixturevalue(guarded)

    words = fails(sync, get, small, setup.declaration(username="", password=""))

    assert "login" in words
    assert "settings of this registry" in words


def test_says_that_nobody_knows_the_authority(
    sync: Sync, get: Get, small: Setup, secure: Setup, tmp_path: Path
) -> None:
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(other)

    for ca_file in ("", str(other)):
        words = fails(sync, get, small, secure.declaration(ca_file=ca_file))

        assert "authority we do not know" in words
        assert "CA file" in words


def test_says_that_nobody_listens(sync: Sync, get: Get, small: Setup) -> None:
    closed = f"http://127.0.0.1:{free_port()}"

    words = fails(sync, get, small, small.declaration(url=closed))

    assert "refused the connection" in words
    assert "port" in words


def test_says_that_it_speaks_https(sync: Sync, get: Get, small: Setup, secure: Setup) -> None:
    url = secure.server.url.replace("https://", "http://")

    words = fails(sync, get, small, secure.declaration(url=url))

    assert "speaks HTTPS" in words
    assert "https://" in words


def test_says_that_it_speaks_plain_http(sync: Sync, get: Get, small: Setup) -> None:
    url = small.server.url.replace("http://", "https://")

    words = fails(sync, get, small, small.declaration(url=url))

    assert "speaks plain HTTP" in words
    assert "http://" in words


def test_gives_no_password_away(sync: Sync, get: Get, small: Setup, with_password: Setup) -> None:
    secret = "hunter2-hunter2"

    words = fails(sync, get, small, with_password.declaration(password=secret))

    assert secret not in words
