"""The inventory of the sample registry, taken once for all tests of its pages."""

from collections.abc import Iterator

import pytest
import time_machine

from registryui.catalog.models import Registry
from registryui.inventory.stock import take_stock
from registryui.inventory.working import outdated
from tests.indexing import NOW, index_sample, shared


def take_all_stock(now=NOW) -> None:
    """Take stock of everything that is outdated."""
    while repositories := outdated(now):
        take_stock(repositories, now=now)


@pytest.fixture(scope="package")
def sample_stock(django_db_setup, django_db_blocker) -> Iterator[Registry]:
    """The sample registry's row, indexed and taken stock of. Undone after the last test."""
    with shared(django_db_blocker):
        registry = index_sample()
        take_all_stock()
        yield registry


@pytest.fixture
def registry(sample_stock, db) -> Iterator[Registry]:
    """The indexed sample registry, at the moment it was synced."""
    with time_machine.travel(NOW, tick=False):
        yield Registry.objects.get(slug="sample")
