"""Each registry of the world, as far as its shape is known: signing in, listing, deleting."""

import pytest

from registryui.distribution import errors
from registryui.distribution.writer import Outcome
from registryui.oci.digest import Digest
from tests.distribution.fakes import client_of
from tests.distribution.kinds import KINDS, NAME
from tests.distribution.writers import writer_of

SOMETHING = str(Digest.of(b"something"))
WITHOUT_CATALOG = ("hub", "ghcr", "gitlab")


def client(kind):
    made = KINDS[kind]()
    return client_of(made, base_url=made.base_url, **made.login), made


def writer(kind):
    made = KINDS[kind]()
    return writer_of(made, base_url=made.base_url, **made.login)


@pytest.mark.parametrize("kind", KINDS)
def test_signs_in(kind):
    registry, _ = client(kind)

    assert not registry.ping().needs_login
    assert registry.tags(NAME).names == ("v1", "v2")


@pytest.mark.parametrize("kind", KINDS)
def test_says_whose_password_is_wrong(kind):
    made = KINDS[kind]()
    login = {name: "wrong" if name != "username" else text for name, text in made.login.items()}

    with pytest.raises(errors.RegistryRefusedError) as caught:
        client_of(made, base_url=made.base_url, **login).tags(NAME)

    assert "in the settings of this registry" in str(caught.value)
    assert "Check" in str(caught.value)


def test_exchanges_azures_identity_token():
    registry, made = client("azure_by_identity")

    registry.tags(NAME)

    assert {request.method for request in made.token_requests} == {"POST"}


def test_shows_azures_identity_token_as_a_password():
    registry, made = client("azure_by_zeros")

    registry.tags(NAME)

    assert {request.method for request in made.token_requests} == {"GET"}


@pytest.mark.parametrize("kind", sorted(set(KINDS) - set(WITHOUT_CATALOG)))
def test_lists_repositories(kind):
    registry, _ = client(kind)

    assert registry.catalog().names == (NAME,)


@pytest.mark.parametrize("kind", WITHOUT_CATALOG)
def test_says_that_repositories_are_not_listed(kind):
    registry, _ = client(kind)

    with pytest.raises((errors.NotFoundError, errors.RegistryRefusedError)):
        registry.catalog()


@pytest.mark.parametrize("kind", KINDS)
def test_lists_all_tags(kind):
    registry, _ = client(kind)

    listing = registry.tags(NAME)

    assert listing.names == ("v1", "v2")
    assert listing.is_complete


@pytest.mark.parametrize("kind", ["zot", "quay", "gitlab", "ecr", "google", "gitea"])
def test_deletes_a_tag(kind):
    assert writer(kind).delete(NAME, "v1") is Outcome.DONE


@pytest.mark.parametrize("kind", ["harbor", "hub", "ghcr"])
def test_says_that_tags_are_not_deleted(kind):
    with pytest.raises(errors.UnsupportedError):
        writer(kind).delete(NAME, "v1")


@pytest.mark.parametrize(
    "kind", ["zot", "harbor", "quay", "gitlab", "ecr", "azure", "gitea", "nexus", "artifactory"]
)
def test_deletes_a_digest(kind):
    assert writer(kind).delete(NAME, SOMETHING) is Outcome.DONE


@pytest.mark.parametrize(
    ("kind", "error"), [("ghcr", errors.UnsupportedError), ("google", errors.ConflictError)]
)
def test_says_why_a_digest_stays(kind, error):
    with pytest.raises(error):
        writer(kind).delete(NAME, SOMETHING)
