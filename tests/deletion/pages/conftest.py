"""An indexed repository with people who may do more or less with it."""

from collections.abc import Callable

import pytest
from django.test import Client

from registryui.catalog.models import Manifest, Registry, Repository, Tag
from registryui.sample import builder
from tests.people import make_people
from tests.sync.conftest import NOON, Sync, registry, sample, sync

__all__ = ["registry", "sample", "sync"]

NAME = "team/app"
PATH = f"/r/default/{NAME}/"
PLAN = f"{PATH}-/delete/"


class Shelf:
    """What the pages show: a repository with a few tags, in a registry that was tested."""

    def __init__(self, sync: Sync) -> None:
        self.sync = sync

    @property
    def repository(self) -> Repository:
        """Its row, as it is now."""
        return Repository.objects.select_related("registry").get(name=NAME)

    def push(self, *tags: str, layers: int = 1, repository: str = NAME) -> None:
        """Push an image and give it these tags; the index follows."""
        digest = builder.image(self.sync.sample, repository, tags[0], layers=layers)
        for tag in tags[1:]:
            builder.retag(self.sync.sample, repository, tag, digest)

    def read(self) -> None:
        """Bring the index up to date."""
        self.sync.run()

    def digest_of(self, tag: str) -> str:
        """Return where a tag points, by the index."""
        return Manifest.objects.get(tags=Tag.objects.get(repository__name=NAME, name=tag)).digest

    def knows(self, *, tags: bool = False, digests: bool = True, pushes: bool = True) -> None:
        """Write down what a test of the registry showed."""
        Registry.objects.update(
            deletes_tags=tags,
            deletes_digests=digests,
            accepts_pushes=pushes,
            deletion_words="It deletes by digest.",
            deletion_tested_at=NOON,
        )


@pytest.fixture
def shelf(sync: Sync) -> Shelf:
    """Return the repository: one image with two tags, two with one, an index with a platform."""
    shelf = Shelf(sync)
    shelf.push("2.0", "latest", layers=2)
    shelf.push("1.0", layers=3)
    shelf.push("rc1", layers=4)
    shelf.push("elsewhere", layers=5, repository="other/app")
    shelf.read()
    shelf.knows()
    return shelf


@pytest.fixture
def visitor(db: None, settings) -> Callable[[str], Client]:
    """Return a function that gives the browser of a person of ``tests.people``; "" is nobody."""
    settings.ANONYMOUS_READ = False
    people = make_people("team/*")

    def signed_in(name: str) -> Client:
        client = Client()
        if name:
            client.force_login(people[name])
        return client

    return signed_in


@pytest.fixture
def maintainer(visitor: Callable[[str], Client]) -> Client:
    """Return the browser of somebody who may delete there."""
    return visitor("maintainer")
