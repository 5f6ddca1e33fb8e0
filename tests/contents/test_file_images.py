"""Which images have a file, as far as one may look into them."""

import hashlib

import pytest
from django.test import Client

from registryui.accounts.models import Grant
from tests.contents.archives import tar
from tests.contents.site import Made, files_address, read, twin
from tests.people import make_people

CONTENT = b"from openssl import vulnerable\n"
SHA256 = hashlib.sha256(CONTENT).hexdigest()
HOLDS, OTHER = Made(tar(("lib/a.py", CONTENT))), Made(tar(("lib/b.py", b"harmless")))
ADDRESS = "/files/"


@pytest.fixture
def rows(administrator, site):
    holding = site.image(HOLDS)
    other = site.image(OTHER, tag="v2")
    read(administrator, holding)
    read(administrator, other)
    return holding, other


def test_finds_the_images_whose_layers_have_it(administrator, rows):
    page = twin(administrator, ADDRESS, digest=f"sha256:{SHA256}")

    assert (page["image_count"], page["layer_count"]) == (1, 1)
    assert [each["repository"] for each in page["users"]] == ["library/app"]
    assert page["users"][0]["newest_digest"] == rows[0].digest
    assert twin(administrator, ADDRESS, digest=SHA256.upper())["image_count"] == 1


def test_is_linked_from_the_page_of_a_file(administrator, rows):
    html = administrator.get(files_address(rows[0], "open/"), {"path": "lib/a.py"}).text

    assert f'href="{ADDRESS}?digest=sha256:{SHA256}"' in html


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("", "By the sha256 of its bytes"),
        ("sha256:" + "0" * 64, "In no image"),
        ("junk", "This is no sha256"),
        ("sha512:" + "0" * 128, "This is no sha256"),
        (hashlib.sha256(b"").hexdigest(), "The empty file"),
        ("<script>\0", "This is no sha256"),
    ],
)
def test_says_why_nothing_is_found(administrator, rows, asked, words):
    answer = administrator.get(ADDRESS, {"digest": asked})

    assert (answer.status_code, words in answer.text) == (200, True)
    assert "<script>\0" not in answer.text


def test_tells_nothing_of_images_that_one_may_only_see(rows):
    people = make_people()
    member = Client()
    member.force_login(people["member"])
    grants = Grant.objects.filter(team__slug="members")
    assert twin(member, ADDRESS, digest=SHA256)["image_count"] == 0

    grants.update(role=Grant.Role.FILES)
    assert twin(member, ADDRESS, digest=SHA256)["image_count"] == 1

    grants.update(pattern="platform/*")
    assert twin(member, ADDRESS, digest=SHA256)["image_count"] == 0
