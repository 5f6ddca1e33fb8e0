"""Docker Hub's results below a search: they arrive, they are offered, they are missed calmly."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from registryui.sample.serving import serve
from tests.browser.site import Site
from tests.browser.test_every_page import faults_of
from tests.hub.fake import CENTOS, FakeHub
from tests.real.processes import free_port

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class World:
    """A site that asks a fake Docker Hub."""

    url: str
    fake: FakeHub


@pytest.fixture(scope="module")
def world(site: Site) -> Iterator[World]:
    """Serve the site once more, with a Docker Hub that it asks by itself."""
    more = [{"repo_name": f"team{number}/centos", "star_count": 1} for number in range(30)]
    fake = FakeHub([*CENTOS, *more])
    with serve(fake) as hub:
        machine = site.machine.with_settings(
            REGISTRYUI_DOCKER_HUB_SEARCH="on", REGISTRYUI_DOCKER_HUB_URL=hub
        )
        with machine.served() as url:
            yield World(url, fake)


def test_shows_what_docker_hub_has_below_what_is_here(page: Page, world: World) -> None:
    page.goto(f"{world.url}/search/?q=centos")

    hub = page.get_by_role("region", name="Docker Hub")
    expect(hub.get_by_role("row", name="ansible/centos7-ansible")).to_contain_text("automated")
    expect(hub.get_by_role("link", name="The sample registry").first).to_be_visible()
    expect(page.get_by_role("heading", name="Repositories")).to_be_visible()
    assert faults_of(page) == []


def test_turns_the_pages_of_docker_hub_where_they_are(page: Page, world: World) -> None:
    page.goto(f"{world.url}/search/?q=centos")
    hub = page.get_by_role("region", name="Docker Hub")

    hub.get_by_role("link", name="Next").click()

    expect(hub.get_by_text("26 – 33 of 33")).to_be_visible()
    expect(page).to_have_url(f"{world.url}/search/?q=centos")


def test_sends_nothing_out_while_one_types(page: Page, world: World) -> None:
    page.goto(f"{world.url}/search/")
    before = len(world.fake.asked)

    page.locator("#search-box").press_sequentially("ubuntu")
    link = page.get_by_role("link", name="Search Docker Hub for “ubuntu”")
    expect(link).to_be_visible()

    assert len(world.fake.asked) == before
    page.locator("#search-box").press("Enter")
    expect(page.get_by_role("region", name="Docker Hub").get_by_role("table")).to_be_visible()
    assert world.fake.asked[-1]["query"] == "ubuntu"


def test_is_searched_without_scripts(scriptless: Page, world: World) -> None:
    scriptless.goto(f"{world.url}/search/?q=centos")

    scriptless.get_by_role("link", name="Search Docker Hub for “centos”").click()

    expect(scriptless).to_have_url(re.compile(r"/search/hub/\?q=centos$"))
    expect(scriptless.get_by_role("row", name="ansible/centos7-ansible")).to_be_visible()


def test_is_asked_by_a_click_unless_told_otherwise(page: Page, site: Site, world: World) -> None:
    with serve(world.fake) as hub:
        machine = site.machine.with_settings(REGISTRYUI_DOCKER_HUB_URL=hub)
        with machine.served() as url:
            page.goto(f"{url}/search/?q=centos")
            region = page.get_by_role("region", name="Docker Hub")
            expect(region.get_by_role("table")).to_have_count(0)
            assert faults_of(page) == []

            region.get_by_role("link", name="Search Docker Hub for “centos”").click()

            expect(region.get_by_role("row", name="ansible/centos7-ansible")).to_be_visible()
            expect(page).to_have_url(f"{url}/search/?q=centos")


def test_says_calmly_that_docker_hub_cannot_be_reached(page: Page, site: Site) -> None:
    machine = site.machine.with_settings(
        REGISTRYUI_DOCKER_HUB_SEARCH="on",
        REGISTRYUI_DOCKER_HUB_URL=f"http://127.0.0.1:{free_port()}",
    )
    with machine.served() as url:
        page.goto(f"{url}/search/?q=centos")

        hub = page.get_by_role("region", name="Docker Hub")
        expect(hub.get_by_text("the connection was refused")).to_be_visible()
        expect(page.get_by_role("heading", name="Repositories")).to_be_visible()
        assert faults_of(page) == []
