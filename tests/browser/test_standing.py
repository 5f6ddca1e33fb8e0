"""Stars, descriptions and official namespaces in Chromium, with scripts and without."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from registryui.sample import builder
from registryui.sample.registry import SampleRegistry
from registryui.sample.serving import serve
from tests.browser.site import Machine, Site
from tests.browser.test_every_page import faults_of

pytestmark = pytest.mark.browser

REPOSITORY = "/r/sample/team/app/"
OVERVIEW = """# Use

Build on `1.0`:

```
FROM app:1.0
```

| a | b |
|---|---|
| c | [d](https://d.example) |

* e

> f
"""
PEOPLE = "from tests.people import make_people; make_people('team/*')"


@pytest.fixture(scope="module")
def starred(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve a site with people."""
    sample = SampleRegistry()
    builder.image(sample, "team/app", "1.0")
    with serve(sample) as registry:
        machine = Machine(tmp_path_factory.mktemp("starred") / "data", {"sample": registry})
        machine.manage("syncregistry", "sample")
        made = machine.manage("shell", "--command", PEOPLE)
        assert made.returncode == 0, made.stderr
        with machine.served() as url:
            yield Site(url, sample, machine)


def sign_in(page: Page, site: Site, name: str, path: str) -> None:
    """Sign in as one of the people, and go to a page."""
    page.goto(f"{site.url}/sign-in/?next={path}")
    page.locator("main input[type=text]").fill(name)
    page.locator("main input[type=password]").fill(f"{name}-password")
    page.locator("main button[type=submit]").click()
    page.wait_for_url(f"**{path}")


def give_and_take_back(page: Page) -> None:
    star = page.get_by_role("button", name="Star, 0 in all")
    star.click()
    expect(page.get_by_role("button", name="Star, 1 in all")).to_have_attribute(
        "aria-pressed", "true"
    )
    page.get_by_role("button", name="Star, 1 in all").click()
    expect(star).to_have_attribute("aria-pressed", "false")


def test_gives_a_star_and_stays_where_one_is(page: Page, starred: Site) -> None:
    sign_in(page, starred, "member", REPOSITORY)

    give_and_take_back(page)

    assert page.evaluate("document.activeElement.id") == "star-button"


def test_gives_a_star_without_scripts(scriptless: Page, starred: Site) -> None:
    sign_in(scriptless, starred, "member", REPOSITORY)

    give_and_take_back(scriptless)


def test_describes_a_repository(page: Page, starred: Site) -> None:
    sign_in(page, starred, "maintainer", REPOSITORY)
    page.get_by_role("link", name="Describe").click()
    assert faults_of(page) == []
    page.get_by_label("In one line").fill("What we sell")
    page.get_by_label("Overview").fill(OVERVIEW)
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("What we sell")).to_be_visible()
    page.get_by_text("Overview", exact=True).click()
    expect(page.get_by_role("heading", name="Use", level=2)).to_be_visible()
    assert faults_of(page) == []


def test_marks_a_namespace_as_official(page: Page, starred: Site) -> None:
    sign_in(page, starred, "administrator", "/official/")
    assert faults_of(page) == []
    page.get_by_role("textbox", name="Namespace").fill("team")
    page.get_by_role("button", name="Mark as official").click()
    expect(page.get_by_role("link", name="team", exact=True)).to_be_visible()
    assert faults_of(page) == []

    page.goto(f"{starred.url}/search/?q=app")
    expect(page.get_by_role("row", name="team/app official")).to_be_visible()
    page.get_by_label("official", exact=True).check()
    page.wait_for_url("**official=1*")
    expect(page.get_by_role("row", name="team/app official")).to_be_visible()
    page.get_by_label("stars or more").fill("5")
    page.get_by_label("stars or more").blur()
    expect(page.get_by_role("heading", name="Nothing found")).to_be_visible()
    assert faults_of(page) == []
