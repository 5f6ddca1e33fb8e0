"""Packages are compared by SBOMs where the layers were not read."""

import copy

import pytest

from registryui.sample.builder import attestation, index
from tests.supplychain import papers
from tests.supplychain.conftest import REPOSITORY, yard

__all__ = ["yard"]
KIND = "https://spdx.dev/Document"


def push(yard, tag, document):
    """Push an image whose index has an SBOM of it."""
    subject = yard.image(tag=None, annotations={"tag": tag})
    entries = [subject]
    if document is not None:
        entries.append(attestation(yard.sample, REPOSITORY, subject, predicates={KIND: document}))
    index(yard.sample, REPOSITORY, tag, children=entries)


def changed(document):
    """Return an SBOM in which each package has another version."""
    other = copy.deepcopy(document)
    for package in other["packages"]:
        package["versionInfo"] = "99"
    return other


def compared(client):
    address = {"a": f"sample/{REPOSITORY}:1.0", "b": f"sample/{REPOSITORY}:2.0", "format": "json"}
    return client.get("/compare/", address, follow=True).json()["packages"]


@pytest.fixture
def reader(client, settings):
    settings.ANONYMOUS_READ = True
    return client


def test_compares_what_sboms_list(reader, yard):
    push(yard, "1.0", papers.SPDX)
    push(yard, "2.0", changed(papers.SPDX))
    yard.sync()

    packages = compared(reader)

    assert packages["source"] == "the SBOMs attached to them"
    assert packages["changed"] > 0
    assert {row["after"][0] for row in packages["rows"]} == {"99"}


def test_says_nothing_where_one_of_them_has_no_sbom(reader, yard):
    push(yard, "1.0", papers.SPDX)
    push(yard, "2.0", None)
    yard.sync()

    assert compared(reader) is None
