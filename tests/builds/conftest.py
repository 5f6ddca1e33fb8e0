"""A registry with a repository in the team's namespace, the people, and their tokens."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from registryui.accounts.models import ApiToken, Grant, Membership, Team, User
from registryui.accounts.secret import hash_of
from registryui.catalog.models import Registry
from tests.catalog.search.rows import make_registry, make_repository
from tests.people import make_people

COMMIT = "4f1c6a9d2b7e8035c1d9f0a4b6e7c8d9f0a1b2c3"
REPORT = {"registry": "main", "repository": "library/nginx", "id": "7", "state": "running"}


@pytest.fixture
def main(db, settings) -> Registry:
    """The only declared registry, which strangers may not read."""
    settings.ANONYMOUS_READ = False
    Registry.objects.update(is_declared=False)
    return make_registry("main")


@pytest.fixture
def repository(main):
    """A repository that the team may see."""
    return make_repository(main, "library/nginx", namespace="library", tag_count=1)


@pytest.fixture
def people(db):
    """The people, and one more whose team may report builds and no more."""
    people = make_people()
    people["reporter"] = User.objects.create_user("reporter")
    team = Team.objects.create(name="reporters", slug="reporters")
    Membership.objects.create(team=team, user=people["reporter"])
    Grant.objects.create(team=team, role=Grant.Role.REPORT, pattern="library/*")
    return people


@pytest.fixture
def browser(people):
    """Return what gives the browser of one of the people."""

    def of(name: str) -> Client:
        client = Client()
        client.force_login(people[name])
        return client

    return of


@pytest.fixture
def token(people):
    """Return what makes a token of somebody."""

    def of(name: str, scope: str = "WRITE", pattern: str = "*") -> str:
        secret = f"rui_{name}-{scope}-{pattern}"
        ApiToken.objects.create(
            user=people[name],
            name=secret,
            scope=scope,
            pattern=pattern,
            secret_hash=hash_of(secret),
            expires_at=timezone.now() + timedelta(days=1),
        )
        return secret

    return of


@pytest.fixture
def report(token):
    """Return what sends a report, as CI of somebody who may; fields are changed by name."""
    secret = token("reporter")

    def send(*, by: str = secret, **fields: object):
        return post({**REPORT, **fields}, by)

    return send


def post(body: object, secret: str = ""):
    """Send a body to the intake with a token."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    return Client(enforce_csrf_checks=True).post(
        "/api/builds/", content, content_type="application/json", headers=headers
    )


def builds_of(client, path="/r/main/library/nginx/-/builds/", **query: str):
    """Return the rows of the page's JSON twin."""
    return client.get(path, {**query, "format": "json"}).json()["builds"]
