"""Every page for a reader of Simplified Chinese: nothing of ours is left in English on it.

And whatever such a reader does, what is written down of it is English, as for everybody.
"""

import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import reverse

from tests.chinese import ACCEPT, english_in
from tests.people import NAMES as NAMES_OF_PEOPLE
from tests.test_permissions import GET, MINE, POST, SENT, Site, shared_site, site

__all__ = ["shared_site", "site"]  # fixtures

# Pages whose words are not all marked yet; it only shrinks.
NOT_YET = (
    "connect",
    "deletion-",
    "doctor",
    "explain",
    "image-copy",
    "inventory",
    "operation-",
    "protection-",
    "repository-operations",
    "retention-",
    "tag-delete",
    "tag-findings",
)
NAMES = ("library", "latest", "members", "maintainers", "root", *NAMES_OF_PEOPLE)
CHINESE = re.compile("[\u4e00-\u9fff]")


def reader(site: Site) -> Client:
    """Return an administrator's browser that asks for Chinese."""
    client = Client(headers=ACCEPT)
    client.force_login(site.people["administrator"])
    return client


def address_of(site: Site, name: str) -> str:
    address = reverse(name, args=site.arguments(name, MINE))
    return f"{address}?digest={site.digest_in(MINE)}" if name == "image-copy" else address


@pytest.mark.parametrize("name", sorted(name for name in GET if not name.startswith(NOT_YET)))
def test_leaves_no_english_on_a_page(site, name):
    response = reader(site).get(address_of(site, name))

    if response.get("Content-Type", "").startswith("text/html"):
        assert english_in(response.text, names=NAMES) == []
    else:
        assert not CHINESE.search(response.getvalue().decode())


@pytest.mark.parametrize("name", sorted(GET | POST))
def test_writes_nothing_down_in_chinese(site, name):
    ask = reader(site).post if name in POST else reader(site).get
    ask(address_of(site, name), SENT.get(name, {}))

    assert [text for text in stored_texts() if CHINESE.search(text)] == []


def stored_texts() -> Iterator[str]:
    """Yield every text that is in the database."""
    for model in apps.get_models():
        fields = [
            field.attname
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField | models.JSONField)
        ]
        for row in model._default_manager.values_list(*fields) if fields else ():
            yield from map(str, row)
