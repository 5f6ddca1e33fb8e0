"""People, and what is told about them."""

import pytest
from django.core.cache import cache

from registryui.accounts.signals import something_happened
from tests.people import make_people


@pytest.fixture
def people(db, settings):
    """Return one person of each kind, where strangers may not read."""
    settings.ANONYMOUS_READ = False
    cache.clear()
    return make_people()


@pytest.fixture
def told():
    """Return what the accounts tell whoever listens, as it comes."""
    heard: list[dict[str, object]] = []

    def listen(sender: object, **what: object) -> None:
        heard.append({key: value for key, value in what.items() if key != "signal"})

    something_happened.connect(listen)
    yield heard
    something_happened.disconnect(listen)
