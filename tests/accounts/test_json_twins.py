"""Every page of the accounts has a JSON twin with the same content, and says where."""

import dataclasses
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from registryui.accounts import links
from registryui.accounts.models import User
from tests.accounts.addresses import PAGES

OPEN = {"sign-in", "account_login", "set-up", "choose-password"}


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
    """Return a client that the administrator signed in with."""
    client.force_login(people["administrator"])
    return client


@pytest.mark.parametrize("name", PAGES)
def test_has_the_fields_of_the_page(visitor, people, name):
    address = address_of(name, people)
    if name in OPEN:
        visitor.logout()

    twin = visitor.get(address, {"format": "json"}).json()

    assert set(twin) == {field.name for field in dataclasses.fields(PAGES[name])}


@pytest.mark.parametrize("name", PAGES)
def test_is_advertised_by_the_page(visitor, people, name):
    address = address_of(name, people)
    if name in OPEN:
        visitor.logout()

    response = visitor.get(address)

    found = re.search(r"<(.+?)>; rel=\"alternate\"; type=\"application/json\"", response["Link"])
    assert found is not None
    assert visitor.get(found[1])["Content-Type"] == "application/json"
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("name", PAGES)
def test_describes_each_field(name):
    for field in dataclasses.fields(PAGES[name]):
        assert field.metadata["help"]
