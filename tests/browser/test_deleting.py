"""A maintainer deletes, watches and undoes, with scripts and without."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from registryui.sample import builder
from registryui.sample.registry import SampleRegistry
from registryui.sample.serving import serve
from tests.browser.conftest import Watch
from tests.browser.signing import sign_in
from tests.browser.site import Machine, Site
from tests.browser.test_every_page import faults_of

pytestmark = pytest.mark.browser

NAME = "team/app"
TAGS = f"/r/sample/{NAME}/"
PEOPLE = "from tests.people import make_people; make_people('team/*')"
TAGS_PUSHED = ("rc1", "rc2", "rc3", "rc4", "rc5", "1.0")


@pytest.fixture(scope="module")
def tidied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve a site with a worker and people, and a registry that deletes."""
    sample = SampleRegistry()
    for layers, tag in enumerate(TAGS_PUSHED, start=1):
        builder.image(sample, NAME, tag, layers=layers)
    with serve(sample) as registry:
        machine = Machine(tmp_path_factory.mktemp("tidied") / "data", {"sample": registry})
        machine.manage("syncregistry", "sample")
        made = machine.manage("shell", "--command", PEOPLE)
        assert made.returncode == 0, made.stderr
        with machine.served() as url, machine.worked():
            yield Site(url, sample, machine)


def open_tags(page: Page, site: Site) -> None:
    """Sign in as the maintainer, and go to the tags."""
    page.goto(f"{site.url}/sign-in/?next={TAGS}")
    sign_in(page, "maintainer", "maintainer-password")
    expect(page.get_by_role("heading", level=1)).to_have_text("app")


def choose(page: Page, *tags: str) -> None:
    """Select the images of these tags, and ask for the plan, testing the registry if needed."""
    for tag in tags:
        page.get_by_label(f"Select the image {tag}").check()
    page.get_by_role("button", name="Delete selected…").click()
    test = page.get_by_role("button", name="Test deletion")
    if test.count():
        test.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Delete {len(tags)} tags")


def tags_of(site: Site) -> set[str]:
    return set(site.sample.store.open(NAME).tags())


def test_deletes_two_images_watches_and_undoes(page: Page, tidied: Site) -> None:
    open_tags(page, tidied)
    assert faults_of(page) == []
    choose(page, "rc1", "rc2")
    assert faults_of(page) == []

    page.get_by_role("button", name="Delete 2 tags").click()
    expect(page.locator("#operation-progress > .facts .chip.ok")).to_have_text(
        re.compile("done"), timeout=20_000
    )
    assert tags_of(tidied).isdisjoint({"rc1", "rc2"})
    assert faults_of(page) == []

    page.get_by_role("link", name="Undo…").click()
    assert faults_of(page) == []
    page.get_by_role("button", name="Put back 2 tags").click()
    expect(page.locator("#operation-progress > .facts .chip.ok")).to_have_text(
        re.compile("done"), timeout=20_000
    )
    assert tags_of(tidied) >= {"rc1", "rc2"}


def test_deletes_without_scripts(scriptless: Page, tidied: Site) -> None:
    page = scriptless
    open_tags(page, tidied)
    choose(page, "rc3", "rc4")
    page.get_by_role("button", name="Delete 2 tags").click()
    address = page.url

    for _ in range(40):
        page.wait_for_timeout(500)
        page.goto(address)
        if page.locator(".chip.ok", has_text="done").count():
            break

    expect(page.get_by_text(re.compile("steps? (is|are) done"))).to_be_visible()
    assert tags_of(tidied).isdisjoint({"rc3", "rc4"})


def test_keeps_the_selection_while_the_list_is_filtered(page: Page, tidied: Site) -> None:
    open_tags(page, tidied)
    box = page.get_by_label("Select the image 1.0")
    box.check()

    page.get_by_label("Filter tags by name").fill("1")
    expect(page).to_have_url(re.compile(r"\?q=1"))

    expect(box).to_be_checked()


def test_tells_of_a_gone_tag_who_deleted_it(page: Page, tidied: Site, watch: Watch) -> None:
    open_tags(page, tidied)
    address = f"{tidied.url}{TAGS}-/tags/rc5/"
    watch.expected.add(address)
    page.goto(f"{address}delete/")
    if page.get_by_role("button", name="Test deletion").count():
        page.get_by_role("button", name="Test deletion").click()
    page.get_by_role("button", name="Delete rc5").click()
    expect(page.locator("#operation-progress > .facts .chip.ok")).to_have_text(
        re.compile("done"), timeout=20_000
    )

    page.goto(address)

    expect(page.get_by_text("Deleted here by maintainer")).to_be_visible()
    assert faults_of(page) == []


@pytest.mark.parametrize(
    "path", ["/operations/", f"{TAGS}-/operations/", f"{TAGS}-/delete/", f"{TAGS}-/delete/?all=1"]
)
def test_is_open_to_everybody(page: Page, tidied: Site, path: str) -> None:
    open_tags(page, tidied)
    page.goto(f"{tidied.url}{path}")

    assert faults_of(page) == []


def test_copies_to_another_tag(page: Page, tidied: Site) -> None:
    open_tags(page, tidied)
    page.get_by_role("link", name="1.0", exact=True).click()
    page.get_by_role("link", name="Copy to another tag…").click()
    page.get_by_label("New tag").fill("stable")
    assert faults_of(page) == []
    page.get_by_role("button", name="Set the tag").click()

    expect(page.locator("#operation-progress > .facts .chip.ok")).to_have_text(
        re.compile("done"), timeout=20_000
    )
    assert "stable" in tags_of(tidied)
