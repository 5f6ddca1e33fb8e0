"""A registry with a repository in the team's namespace, and the people."""

import pytest
from django.test import Client

from registryui.catalog.models import Registry
from tests.catalog.search.rows import make_registry, make_repository
from tests.people import make_people


@pytest.fixture
def main(db) -> Registry:
    """The only declared registry."""
    Registry.objects.update(is_declared=False)
    return make_registry("main")


@pytest.fixture
def repository(main):
    """A repository whose newest image says what it is."""
    return make_repository(
        main, "library/nginx", namespace="library", description="Says the image", tag_count=1
    )


@pytest.fixture
def people(db):
    """The people, by what they may do."""
    return make_people()


@pytest.fixture
def browser(people):
    """Return what gives the browser of one of the people."""

    def of(name: str) -> Client:
        client = Client()
        client.force_login(people[name])
        return client

    return of


def page_of(client):
    """Return the JSON twin of the repository's page."""
    return client.get("/r/main/library/nginx/?format=json").json()
