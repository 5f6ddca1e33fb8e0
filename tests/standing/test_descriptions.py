"""Descriptions that people write for the repositories they manage."""

import pytest

from registryui.audit.models import AuditEvent
from registryui.catalog.models import Overview, Repository
from tests.standing.conftest import page_of

FORM = "/r/main/library/nginx/-/description/"
WORDS = {"summary": "  A web\n server ", "overview": "# Use\n\n**Pull** it. <script>x</script>"}


def test_go_before_what_the_image_says(repository, browser):
    maintainer = browser("maintainer")
    assert page_of(maintainer)["description"] == "Says the image"

    assert maintainer.post(FORM, WORDS)["Location"] == "/r/main/library/nginx/"

    page = page_of(maintainer)
    assert page["description"] == "A web server"
    assert page["standing"]["overview"] == WORDS["overview"]
    text = maintainer.get("/r/main/library/nginx/").text
    assert "<h2>Use</h2>" in text
    assert "<script>x" not in text


def test_are_kept_by_a_sync_and_given_up_by_emptying_them(repository, browser):
    maintainer = browser("maintainer")
    maintainer.post(FORM, WORDS)
    Repository.objects.update(description="Says the next image")  # as a sync does
    assert page_of(maintainer)["description"] == "A web server"

    maintainer.post(FORM, {"summary": "", "overview": " "})

    assert page_of(maintainer)["description"] == "Says the next image"
    assert not Overview.objects.exists()


def test_are_found_by_the_search(repository, browser):
    maintainer = browser("maintainer")
    maintainer.post(FORM, WORDS)

    for query in ("web server", "server", "says the image"):
        page = maintainer.get("/search/", {"q": query, "format": "json"}).json()
        assert [hit["description"] for hit in page["repositories"]] == ["A web server"]


def test_are_on_record(repository, browser):
    browser("maintainer").post(FORM, WORDS)

    event = AuditEvent.objects.latest("sequence")
    assert (event.action, event.actor, event.subject) == (
        "DESCRIPTION",
        "maintainer",
        "library/nginx",
    )
    assert event.details["summary"] == "A web server"


@pytest.mark.parametrize(
    "wrong", [{"summary": "x" * 201}, {"overview": "x" * 10_001}, {"summary": "a\x00b"}]
)
def test_that_are_too_long_are_shown_again(repository, browser, wrong):
    maintainer = browser("maintainer")

    response = maintainer.post(FORM, {**WORDS, **wrong})

    assert response.status_code == 200
    assert "aria-invalid" in response.text
    assert page_of(maintainer)["description"] == "Says the image"


def test_show_what_is_there_to_change(repository, browser):
    maintainer = browser("maintainer")
    maintainer.post(FORM, WORDS)

    fields = maintainer.get(f"{FORM}?format=json").json()["form"]["fields"]

    assert {each["name"]: each["value"] for each in fields} == {
        "summary": "A web server",
        "overview": WORDS["overview"],
    }
    assert {each["kind"] for each in fields} == {"text", "textarea"}


@pytest.mark.parametrize(
    ("name", "may"), [("maintainer", True), ("administrator", True), ("member", False)]
)
def test_are_written_by_who_manages_the_repository(repository, browser, name, may):
    client = browser(name)

    assert bool(page_of(client)["standing"]["describe_url"]) == may
    assert client.post(FORM, WORDS).status_code == (303 if may else 404)
