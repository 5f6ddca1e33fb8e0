"""The pages of an image lead to each other."""

import pytest

from registryui.catalog.models import Manifest, Repository
from registryui.catalog.pages.image_pages import Beside, image_pages
from registryui.oci.kind import Kind

pytestmark = pytest.mark.django_db


def texts(kind, **options):
    repository = Repository.objects.select_related("registry").get(name="library/registry")
    row = Manifest(kind=kind, digest="sha256:" + "0" * 64)
    found = image_pages(repository, row, **{"here": Beside.IMAGE, "looks_inside": True, **options})
    return [each.text for each in found]


def test_leads_from_an_image_to_all_that_is_known_of_it(registry):
    assert texts(Kind.IMAGE) == [
        "Image",
        "Files",
        "Packages",
        "Dockerfile",
        "Lineage",
        "Supply chain",
    ]


def test_does_not_lead_to_files_whom_they_are_not_for(registry):
    assert texts(Kind.INDEX, looks_inside=False) == [
        "Image",
        "Dockerfile",
        "Lineage",
        "Supply chain",
    ]


def test_leads_from_an_artifact_only_to_what_it_can_have(registry):
    assert texts(Kind.CHART) == ["Artifact", "Chart", "Supply chain"]
    assert texts(Kind.CHART, looks_inside=False) == ["Artifact", "Supply chain"]


@pytest.mark.parametrize("page", ["lineage/", "supply-chain/"])
def test_marks_the_page_one_is_on(client, registry, page):
    repository = Repository.objects.get(name="library/registry")
    digest = repository.tags.get(name="latest").manifest.digest
    own = f"{repository.get_absolute_url()}-/manifests/{digest}/"

    html = client.get(f"{own}{page}").text

    assert f'<a class="chip" href="{own}{page}" aria-current="true">' in html
    assert f'<a class="chip" href="{own}">' in html
