"""Badges: what they show, to whom, and who gives them away."""

import re
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from registryui.audit.models import AuditEvent
from registryui.builds.badge import NO_BUILDS, Standing, draw, width_of
from registryui.builds.models import BuildBadge
from tests.builds.test_pages import make_build

PICTURE = "/r/main/library/nginx/-/builds/badge.svg"
PAGE = "/r/main/library/nginx/-/builds/badge/"


@pytest.fixture
def maintainer(browser):
    return browser("maintainer")


def word_of(answer) -> str:
    """Return what a badge says behind its label."""
    assert answer["Content-Type"].startswith("image/svg+xml")
    title = ET.fromstring(answer.content).find("{http://www.w3.org/2000/svg}title")  # noqa: S314  our own
    assert title is not None
    return str(title.text).partition(": ")[2]


@pytest.mark.parametrize(
    ("state", "word"),
    [
        ("SUCCEEDED", "passing"),
        ("FAILED", "failing"),
        ("RUNNING", "running"),
        ("QUEUED", "running"),
        ("CANCELLED", "unknown"),
    ],
)
def test_say_how_the_newest_build_went(repository, main, browser, state, word):
    make_build(main, 0, state="FAILED" if word != "failing" else "SUCCEEDED")
    make_build(main, 1, state=state)

    assert word_of(browser("member").get(PICTURE)) == word


def test_say_that_there_are_no_builds(repository, browser):
    assert word_of(browser("member").get(PICTURE)) == "no builds"


def test_know_nothing_of_builds_that_are_only_claimed(repository, main, browser):
    make_build(main, learned="LABELS")

    assert word_of(browser("member").get(PICTURE)) == "unknown"


def test_are_of_one_branch_when_asked(repository, main, browser):
    make_build(main, 0, state="FAILED", branch="main")
    make_build(main, 1, branch="topic")
    member = browser("member")

    words = [word_of(member.get(PICTURE, {"branch": each})) for each in ("main", "topic", "x")]

    assert words == ["failing", "passing", "no builds"]


def test_are_hidden_with_their_repository(repository, browser):
    assert browser("outsider").get(PICTURE).status_code == 404
    assert Client().get(PICTURE).status_code == 302


def test_are_asked_for_again_only_when_they_changed(repository, main, browser):
    member = browser("member")
    first = member.get(PICTURE)
    assert first["Cache-Control"] == "private, max-age=60"

    again = member.get(PICTURE, headers={"If-None-Match": first["ETag"]})
    make_build(main)
    changed = member.get(PICTURE, headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert changed.status_code == 200


def public_address(client) -> str:
    """Return the address that the page gives away."""
    page = client.get(PAGE, {"format": "json"}).json()
    return str(page["image_url"]).removeprefix("http://testserver")


def test_are_for_everybody_once_switched_on(repository, main, maintainer):
    make_build(main)
    assert public_address(maintainer) == ""

    assert maintainer.post(PAGE, {"action": "on"}).status_code == 303

    page = maintainer.get(PAGE, {"format": "json"}).json()
    answer = Client().get(public_address(maintainer))
    assert word_of(answer) == "passing"
    assert answer["Cache-Control"] == "public, max-age=60"
    assert page["markdown"] == f"[![build]({page['image_url']})](http://testserver{PAGE[:-6]})"
    assert page["html"].count(page["image_url"]) == 1
    assert len(re.findall(r"[\w-]{32}\.svg", page["image_url"])) == 1
    assert "<h2>Markdown</h2>" in maintainer.get(PAGE).text


def test_keep_their_address_until_it_is_renewed_or_switched_off(repository, maintainer):
    maintainer.post(PAGE, {"action": "on"})
    first = public_address(maintainer)
    maintainer.post(PAGE, {"action": "on"})
    assert public_address(maintainer) == first

    maintainer.post(PAGE, {"action": "renew"})
    second = public_address(maintainer)
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200

    maintainer.post(PAGE, {"action": "off"})
    maintainer.post(PAGE, {"action": "off"})

    assert Client().get(second).status_code == 404
    events = AuditEvent.objects.filter(action="BUILD_BADGE").order_by("sequence")
    assert [event.reason for event in events] == [
        "switched on",
        "given another address",
        "switched off",
    ]
    assert {event.repository for event in events} == {"library/nginx"}


def test_of_registries_that_are_gone_are_gone(repository, main, maintainer):
    maintainer.post(PAGE, {"action": "on"})
    address = public_address(maintainer)
    main.is_declared = False
    main.save()

    assert Client().get(address).status_code == 404


@pytest.mark.parametrize("token", ["x", "x" * 32, "../../etc", "%00"])
def test_have_no_other_addresses(repository, token):
    assert Client().get(f"/badges/{token}.svg").status_code == 404


@pytest.mark.parametrize("name", ["member", "auditor", "outsider"])
def test_are_switched_by_managers_alone(repository, browser, name):
    client = browser(name)

    assert client.get(PAGE).status_code == 404
    assert client.post(PAGE, {"action": "on"}).status_code == 404
    assert not BuildBadge.objects.exists()


def test_are_not_switched_by_nonsense(repository, maintainer):
    assert maintainer.post(PAGE, {"action": "explode"}).status_code == 404


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_draw_any_branch_as_sound_xml(branch):
    picture = ET.fromstring(draw(NO_BUILDS, branch=branch))  # noqa: S314  our own

    label, _ = picture.findall(".//{http://www.w3.org/2000/svg}text")
    assert len(label.text or "") <= 40
    assert float(label.attrib["textLength"]) < float(picture.attrib["width"])


def test_have_room_for_both_texts():
    picture = ET.fromstring(draw(Standing("passing", "#000000"), branch="main"))  # noqa: S314  our own

    texts = picture.findall(".//{http://www.w3.org/2000/svg}text")
    ends = [float(each.attrib["x"]) + float(each.attrib["textLength"]) for each in texts]

    assert ends[0] < float(texts[1].attrib["x"])
    assert ends[1] == float(picture.attrib["width"]) - 6
    assert width_of("W") > width_of("i")
    assert not re.search(r"style=|url\(http|<script|@import", draw(NO_BUILDS))
