"""What the tests of files in images share."""

from collections.abc import Iterator

import pytest
import time_machine

from registryui import connections
from tests.contents.site import SLUG, Site, make_site
from tests.indexing import NOW


@pytest.fixture
def site(db, settings, tmp_path) -> Iterator[Site]:
    """A registry that is empty so far, and a directory for copies of its layers."""
    settings.FILES_DIR = tmp_path / "layers"
    with time_machine.travel(NOW, tick=False):
        yield make_site(settings)
    connections.close_clients()
    del connections.transports[SLUG]


@pytest.fixture
def administrator(person):
    return person("ADMINISTRATOR")
