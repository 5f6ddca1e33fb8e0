import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registryui.oci.digest import Digest
from registryui.oci.errors import OciError
from registryui.oci.reference import (
    DOCKER_HUB,
    REPOSITORY_PATTERN,
    TAG_PATTERN,
    InvalidReferenceError,
    Reference,
    api_host,
    credential_key,
    hub_repository,
    is_docker_hub,
    is_repository_name,
    is_tag,
    namespace_of,
)

DIGEST = Digest.of(b"")
HOSTS = st.sampled_from(
    ["docker.io", "registry.example", "registry.example:5000", "localhost", "[::1]:5000", "Team"]
)
REPOSITORIES = st.from_regex(REPOSITORY_PATTERN, fullmatch=True).filter(lambda n: len(n) < 200)
TAGS = st.from_regex(TAG_PATTERN, fullmatch=True)


@pytest.mark.parametrize(
    "name", ["a", "library/nginx", "a.b/c_d/e__f/g---h", "manifests/tags/list", "0", "a" * 255]
)
def test_accepts_repository_names(name: str):
    assert is_repository_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "/",
        "a/",
        "/a",
        "a//b",
        "A",
        "a..b",
        "a___b",
        "-a",
        "a-",
        "a b",
        "ä",
        "a\n",
        "a" * 256,
        5,
    ],
)
def test_refuses_other_repository_names(name: object):
    assert not is_repository_name(name)


@pytest.mark.parametrize("tag", ["latest", "V1", "_", "1.27.1-alpine3.19", "a" * 128])
def test_accepts_tags(tag: str):
    assert is_tag(tag)


@pytest.mark.parametrize("tag", ["", ".a", "-a", "a b", "a:b", "a\n", "a" * 129, None, "é"])
def test_refuses_other_tags(tag: object):
    assert not is_tag(tag)


@pytest.mark.parametrize(
    ("text", "full"),
    [
        ("nginx", "docker.io/library/nginx"),
        ("nginx:1.27", "docker.io/library/nginx:1.27"),
        ("grafana/grafana", "docker.io/grafana/grafana"),
        ("nginx.example", "docker.io/library/nginx.example"),
        ("docker.io/nginx", "docker.io/library/nginx"),
        ("index.docker.io/nginx", "docker.io/library/nginx"),
        ("registry-1.docker.io/a/b", "docker.io/a/b"),
        ("registry.example/nginx", "registry.example/nginx"),
        ("registry.example:5000/a/b/c:V1", "registry.example:5000/a/b/c:V1"),
        ("localhost/a", "localhost/a"),
        ("[::1]:5000/a", "[::1]:5000/a"),
        ("Team/a", "Team/a"),
        (f"nginx@{DIGEST}", f"docker.io/library/nginx@{DIGEST}"),
        (f"registry.example/a:1@{DIGEST}", f"registry.example/a:1@{DIGEST}"),
    ],
)
def test_reads_references_as_docker_does(text: str, full: str):
    assert str(Reference.parse(text)) == full


def test_leaves_the_tag_empty_when_there_is_none():
    reference = Reference.parse("registry.example/a")

    assert (reference.tag, reference.digest) == ("", None)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Nginx", "must be lowercase"),
        ("registry.example/Team/App", "must be lowercase"),
        ("https://registry.example/a", "Leave out the scheme"),
        ("a" * 2000, "too long"),
        ("registry.example/a:", "is not a tag"),
        ("registry.example/a:b:c", "is not a tag"),
        ("registry.example:5000:6000/a", "is not a host name"),
        ("-registry.example/a", "is not a host name"),
        ("registry.example/", "is not a repository name"),
        ("", "is not a repository name"),
        ("a b", "is not a repository name"),
    ],
)
def test_says_what_is_wrong(text: str, words: str):
    with pytest.raises(InvalidReferenceError, match=words):
        Reference.parse(text)


@pytest.mark.parametrize("text", ["nginx@", "nginx@sha256:abc", f"nginx@{DIGEST}@{DIGEST}"])
def test_refuses_a_digest_that_is_none(text: str):
    with pytest.raises(OciError):
        Reference.parse(text)


@pytest.mark.parametrize(
    ("text", "familiar"),
    [
        ("docker.io/library/nginx:1", "nginx:1"),
        ("docker.io/grafana/grafana", "grafana/grafana"),
        ("docker.io/library/a/b", "library/a/b"),
        ("docker.io/a.b/c", "docker.io/a.b/c"),
        ("registry.example/library/nginx", "registry.example/library/nginx"),
        (f"docker.io/library/nginx@{DIGEST}", f"nginx@{DIGEST}"),
    ],
)
def test_has_a_familiar_form(text: str, familiar: str):
    assert Reference.parse(text).familiar() == familiar


def test_knows_the_names_of_docker_hub():
    assert is_docker_hub("Registry-1.docker.io")
    assert api_host(DOCKER_HUB) == "registry-1.docker.io"
    assert credential_key("index.docker.io") == "https://index.docker.io/v1/"
    assert hub_repository("nginx") == "library/nginx"
    assert hub_repository("a/b") == "a/b"


def test_leaves_other_registries_as_they_are():
    assert not is_docker_hub("registry.example")
    assert api_host("registry.example:5000") == "registry.example:5000"
    assert credential_key("registry.example") == "registry.example"


@pytest.mark.parametrize(
    ("repository", "namespace"), [("library/nginx", "library"), ("nginx", ""), ("a/b/c", "a")]
)
def test_takes_the_first_component_as_the_namespace(repository: str, namespace: str):
    assert namespace_of(repository) == namespace


def test_has_patterns_without_groups_for_url_routes():
    assert re.compile(REPOSITORY_PATTERN).groups == 0
    assert re.compile(TAG_PATTERN).groups == 0


@given(HOSTS, REPOSITORIES, st.just("") | TAGS, st.sampled_from([None, DIGEST]))
def test_parses_what_it_writes(host: str, repository: str, tag: str, digest: Digest | None):
    reference = Reference.parse(str(Reference(host, repository, tag, digest)))

    assert Reference.parse(str(reference)) == reference
    assert Reference.parse(reference.familiar()) == reference


@given(st.text() | st.from_regex(r"[a-zA-Z0-9.:/@_-]{0,40}"))
def test_raises_nothing_but_its_error(text: str):
    try:
        reference = Reference.parse(text)
    except OciError:
        return

    assert is_repository_name(reference.repository)
