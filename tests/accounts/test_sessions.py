"""How long somebody stays signed in."""

import time

import pytest

HOUR = 3600


@pytest.fixture
def member(client, people):
    """Return a client that the member signed in with."""
    client.post("/sign-in/", {"login": "member", "password": "member-password"})
    return client


def set_back(client, **seconds):
    session = client.session
    for name, ago in seconds.items():
        session[name] = int(time.time()) - ago
    session.save()


@pytest.mark.parametrize(
    ("seconds", "status"),
    [
        ({"began_at": 11 * HOUR, "seen_at": 50 * 60}, 200),
        ({"began_at": 13 * HOUR, "seen_at": 60}, 302),
        ({"began_at": 2 * HOUR, "seen_at": 61 * 60}, 302),
    ],
)
def test_ends_when_it_is_too_old_or_idle(member, seconds, status):
    set_back(member, **seconds)

    assert member.get("/sync/").status_code == status


def test_is_gone_when_it_has_ended(member):
    key = member.session.session_key
    set_back(member, seen_at=61 * 60)

    member.get("/sync/")

    assert not member.session.exists(key)


def test_goes_on_while_somebody_opens_pages(member):
    set_back(member, seen_at=50 * 60)

    member.get("/sync/")

    assert member.session["seen_at"] >= time.time() - 5


def test_does_not_go_on_because_of_a_page_left_open(member):
    set_back(member, seen_at=50 * 60)

    member.get("/sync/", headers={"HX-Request": "true"})

    assert member.session["seen_at"] < time.time() - 49 * 60
