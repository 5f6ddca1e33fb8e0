"""Search is tested on rows made for each test, beside an undeclared registry that must not show."""

import pytest

from registryui.catalog.models import Registry, Repository
from tests.catalog.search.rows import make_registry


@pytest.fixture
def main(db) -> Registry:
    """The only declared registry."""
    Registry.objects.update(is_declared=False)
    return make_registry("main")


@pytest.fixture
def other(main) -> Registry:
    """A second declared registry."""
    return make_registry("other", position=1)


@pytest.fixture
def hidden(main) -> Registry:
    """A registry that is no longer declared."""
    return make_registry("hidden", is_declared=False)


@pytest.fixture
def names():
    """The names of the repositories that were found, in their order."""

    def in_order(found) -> list[str]:
        rows = Repository.objects.in_bulk(list(found.keys))
        return [rows[key].name for key in found.keys]

    return in_order
