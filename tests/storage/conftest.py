"""What the sample registry stores, added up once for all tests of its pages."""

from collections.abc import Iterator

import pytest
import time_machine

from registryui.catalog.models import Registry
from registryui.storage.keeping import keep_storage
from tests.indexing import NOW, index_sample, shared


@pytest.fixture(scope="package")
def sample_storage(django_db_setup, django_db_blocker) -> Iterator[Registry]:
    """The sample registry's row, indexed and added up. Undone after the last test."""
    with shared(django_db_blocker):
        registry = index_sample()
        keep_storage(registry, now=NOW)
        yield registry


@pytest.fixture
def registry(sample_storage, db) -> Iterator[Registry]:
    """The indexed sample registry, at the moment it was synced."""
    with time_machine.travel(NOW, tick=False):
        yield Registry.objects.get(slug="sample")
