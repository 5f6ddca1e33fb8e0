"""What of a search may be asked of the world."""

import pytest

from registryui.catalog.search.outward import outward_term
from registryui.catalog.search.query import SearchQuery

HOSTS = {"registry.corp.example", "localhost:5000"}


def term(text):
    return outward_term(text, SearchQuery.parse(text, hosts=HOSTS))


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("centos", "centos"),
        ("ansible/centos7-ansible", "ansible/centos7-ansible"),
        ("library/nginx", "nginx"),
        ("ubuntu:22.04", "ubuntu"),
        ("nginx proxy", "nginx proxy"),
        ("nginx linux/arm64", "nginx"),
        ("node.js", "node.js"),
        ("python 3.12", "python 3.12"),
        ("cafe", "cafe"),
        ("größe", "größe"),
    ],
)
def test_asks_for_names(typed, asked):
    assert term(typed) == asked


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "sha256:e3b0c44298fc",
        "e3b0c44298fc1c149afbf4c8996fb924",
        "app@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "maintainer=olga",
        "password=hunter2",
        "registry.corp.example/team/app",
        "registry.corp.example",
        "other.corp.example/app",
        "localhost:5000/app",
        "localhost",
        "10.0.0.5",
        "10.0.0.5:5000/app",
        "https://intern.example/a?token=x",
        "olga@corp.example",
        "linux/arm64",
        ":latest",
        "no basic auth credentials",
        'Error response from daemon: Get "https://registry.example/v2/": x509: certificate',
        "one two three four five",
        "ghp_" + "a" * 40,
        "correct$horse",
        "-----BEGIN",
    ],
)
def test_keeps_the_rest_to_itself(typed, django_apps_ready):
    assert term(typed) == ""


@pytest.fixture
def django_apps_ready():
    """Have the hints registered: apps add them when they are made ready."""
    from registryui.catalog.search.hints import hints

    assert hints
