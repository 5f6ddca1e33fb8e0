"""The pages are tested on the index of the sample registry, made once for all of them."""

from collections.abc import Iterator

import pytest
import time_machine
from django.db import transaction

from registryui.catalog.models import Registry
from tests.indexing import NOW, index_sample


@pytest.fixture(scope="package")
def sample_index(django_db_setup, django_db_blocker) -> Iterator[Registry]:
    """The sample registry's row; all it holds is indexed. Undone when the last test is over."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield index_sample()
        transaction.set_rollback(True)


@pytest.fixture
def registry(sample_index, db) -> Iterator[Registry]:
    """The indexed sample registry, at the moment it was synced."""
    with time_machine.travel(NOW, tick=False):
        yield Registry.objects.get(slug="sample")
