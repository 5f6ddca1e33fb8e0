"""Every page of the accounts has a JSON twin with the same content, and says where."""

import dataclasses
import re

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.urls import reverse
from django.utils import timezone

from registryui.accounts import links
from registryui.accounts.models import User
from tests.accounts.addresses import PAGES

OPEN = {"sign-in", "account_login", "set-up", "choose-password"}
CODE = {"sign-in-code", "mfa_authenticate"}
WITH_FACTOR = {"two-factor-off", "recovery-codes", *CODE}
LOGIN = {"login": "administrator", "password": "administrator-password"}


def address_of(name, people):
    if name == "set-up":
        User.objects.filter(role=User.Role.ADMINISTRATOR).delete()
        return links.make_set_up_link(now=timezone.now())
    if name == "choose-password":
        return links.make_password_link(people["member"], now=timezone.now())
    arguments: dict[str, list[object]] = {
        "person-detail": [people["member"].pk],
        "team-detail": ["members"],
        "team-delete": ["members"],
        "grant-add": ["members"],
    }
    return reverse(name, args=arguments.get(name, []))


@pytest.fixture
def visitor(client, people):
    """Return a client that the administrator signed in with, and proved it again."""
    client.post("/sign-in/", LOGIN)
    client.post("/sign-in/again/", {"password": LOGIN["password"]})
    return client


def come_to(visitor, people, name):
    """Bring the visitor to where the page can be seen, and return its address."""
    address = address_of(name, people)
    if name in WITH_FACTOR:
        TOTP.activate(people["administrator"], "A" * 32)
        RecoveryCodes.activate(people["administrator"])
    if name in OPEN | CODE:
        visitor.logout()
    if name in CODE:
        visitor.post("/sign-in/", LOGIN)
    return address


@pytest.mark.parametrize("name", PAGES)
def test_has_the_fields_of_the_page(visitor, people, name):
    address = come_to(visitor, people, name)

    twin = visitor.get(address, {"format": "json"}).json()

    assert set(twin) == {field.name for field in dataclasses.fields(PAGES[name])}


@pytest.mark.parametrize("name", PAGES)
def test_is_advertised_by_the_page(visitor, people, name):
    address = come_to(visitor, people, name)

    response = visitor.get(address)

    found = re.search(r"<(.+?)>; rel=\"alternate\"; type=\"application/json\"", response["Link"])
    assert found is not None
    assert visitor.get(found[1])["Content-Type"] == "application/json"
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("name", PAGES)
def test_describes_each_field(name):
    for field in dataclasses.fields(PAGES[name]):
        assert field.metadata["help"]
