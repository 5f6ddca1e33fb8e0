"""A few repositories, and somebody who may see some of them."""

import base64
from datetime import timedelta

import pytest
from django.utils import timezone

from registryui.accounts.models import ApiToken
from registryui.accounts.secret import hash_of
from registryui.catalog.models import OfficialNamespace, Registry
from tests.catalog.search.rows import NOW, make_image, make_repository
from tests.catalog.search.rows import make_registry as make_registry_row
from tests.people import make_people

SECRET = "rui_of-the-tests"


@pytest.fixture
def main(db) -> Registry:
    """The registry at main.registry.example, with three repositories of CentOS."""
    Registry.objects.update(is_declared=False)
    main = make_registry_row("main")
    people = make_repository(
        main, "ansible/centos7-ansible", namespace="ansible", star_count=7, is_automated=True,
        description="Ansible with its\ndependencies\x1b[2J",
    )  # fmt: skip
    base = make_repository(
        main, "library/centos", namespace="library", star_count=3, summary="The base image"
    )
    make_repository(main, "team/centos-old", namespace="team", state="GONE")
    make_image(people, "people", tags=["1.0"])
    make_image(base, "base", tags=["7", "8", "latest"])
    OfficialNamespace.objects.create(registry=main, namespace="library", marked_at=NOW)
    return main


@pytest.fixture
def closed(settings) -> None:
    """Nobody reads without signing in."""
    settings.ANONYMOUS_READ = False


@pytest.fixture
def member(main, closed) -> dict[str, str]:
    """The headers of a member who may see library/*, with a token."""
    return credentials(make_people()["member"])


def credentials(user) -> dict[str, str]:
    """Return the headers that docker and podman send for somebody with a token."""
    end = timezone.now() + timedelta(days=1)
    ApiToken.objects.create(user=user, name="t", secret_hash=hash_of(SECRET), expires_at=end)
    return basic(user.username, SECRET)


def basic(name: str, password: str) -> dict[str, str]:
    """Return the headers that send a name and a password."""
    encoded = base64.b64encode(f"{name}:{password}".encode()).decode()
    return {"Authorization": f"Basic {encoded}"}
