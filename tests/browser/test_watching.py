"""An administrator names what to watch, and the open page shows what came of it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from registryui.sample import builder
from registryui.sample.registry import SampleRegistry
from registryui.sample.serving import serve
from registryui.sample.switches import Switches
from tests.browser.conftest import PEOPLE
from tests.browser.site import Machine, Site

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve a site with a worker, and a registry that does not list its repositories."""
    sample = SampleRegistry(Switches(has_catalog=False))
    for tag in ("1.0", "2.0"):
        builder.image(sample, "team/app", tag)
    with serve(sample) as registry:
        machine = Machine(tmp_path_factory.mktemp("closed") / "data", {"sample": registry})
        machine.manage("syncregistry")
        machine.manage("shell", "--command", PEOPLE)
        with machine.served() as url, machine.worked():
            yield Site(url, sample, machine)


def test_shows_what_came_of_names_that_were_pasted(page: Page, closed: Site) -> None:
    page.goto(f"{closed.url}/sign-in/")
    page.get_by_label("Name").fill("administrator")
    page.get_by_label("Password").fill("administrator-password")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")
    page.goto(f"{closed.url}/r/sample/")
    page.get_by_role("link", name="Name what to watch").click()

    page.get_by_label("Names and patterns").fill("team/app\nteam/typo\nbase/*")
    page.get_by_role("button", name="Watch", exact=True).click()

    found = page.get_by_role("row").filter(has_text="team/app")
    expect(found).to_contain_text("2 tags", timeout=15_000)
    missing = page.get_by_role("row").filter(has_text="team/typo")
    expect(missing).to_contain_text("Check the spelling", timeout=15_000)
    page.get_by_role("button", name="Watch team/typo no longer").click()
    expect(missing).to_have_count(0)
    page.goto(f"{closed.url}/r/sample/")
    expect(page.get_by_role("link", name="2 watched names")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="team/app")).to_be_visible()
