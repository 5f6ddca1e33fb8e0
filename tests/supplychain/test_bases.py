"""What provenance names becomes part of the lineage, as a claim."""

import pytest

from registryui.catalog.models import Manifest
from registryui.lineage.models import NamedBase
from registryui.sample.builder import attestation, index
from registryui.supplychain.bases import image_name
from tests.supplychain import papers
from tests.supplychain.conftest import REPOSITORY

NAMED = ("debian:12", f"sha256:{'ab' * 32}")


def built(yard):
    """Push an image with a provenance that names its base; return the image's digest."""
    subject = yard.image(tag=None)
    predicates = {"https://slsa.dev/provenance/v1": papers.SLSA}
    entry = attestation(yard.sample, REPOSITORY, subject, predicates=predicates)
    index(yard.sample, REPOSITORY, "1.0", children=[subject, entry])
    return subject


@pytest.mark.parametrize(
    ("uri", "name"),
    [
        ("pkg:docker/debian@12?platform=linux%2Famd64", "debian:12"),
        ("pkg:docker/debian", "debian"),
        ("pkg:docker/registry.example/team/base@1.0", "registry.example/team/base:1.0"),
        ("pkg:docker/team%2Fbase@1.0", "team/base:1.0"),
        ("pkg:oci/base@sha256%3Aabc?tag=1", "base"),
        ("pkg:docker/", ""),
        ("pkg:docker/@", ""),
    ],
)
def test_reads_names_of_images_in_package_urls(uri, name):
    assert image_name(uri) == name


def test_notes_the_images_of_a_build_once(yard):
    subject = built(yard)

    yard.sync()
    yard.sync()

    named = NamedBase.objects.filter(source=NamedBase.Source.PROVENANCE)
    image = Manifest.objects.get(digest=str(subject))
    assert list(named.values_list("manifest", "name", "digest")) == [(image.pk, *NAMED)]


def test_shows_them_in_the_lineage_as_a_claim(yard, client, settings):
    settings.ANONYMOUS_READ = True
    subject = built(yard)
    yard.sync()

    address = f"/r/sample/{REPOSITORY}/-/manifests/{subject}/lineage/"
    [base] = client.get(address, {"format": "json"}).json()["bases"]

    assert (base["repository"], base["digest"], base["says"]) == (*NAMED, "PROVENANCE")
