"""What every page must be for who is signed in, with all of the navigation."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.signing import go_and_sign_in
from tests.browser.site import Site
from tests.browser.test_every_page import faults_of

pytestmark = pytest.mark.browser

REPOSITORY = "/r/sample/platform/api/"
PAGES = {
    "registries": "/",
    "repository": REPOSITORY,
    "tag": f"{REPOSITORY}-/tags/2.4.1/",
    "plan": f"{REPOSITORY}-/delete/?tag=2.4.0&tag=2.4.1",
    "plan of everything": f"{REPOSITORY}-/delete/?all=1",
    "no operations": "/operations/",
    "no operations in a repository": f"{REPOSITORY}-/operations/",
    "watched names": "/r/empty/-/watched/",
    "nothing watched": "/r/sample/-/watched/",
    "nothing found of what is watched": "/r/empty/",
    "protected tags": "/protection/",
    "retention": "/retention/",
    "audit log": "/audit/",
    "audit log without results": "/audit/?who=nobody",
    "event": "/audit/1/",
    "trusted keys": "/keys/",
    "people": "/people/",
    "person": "/people/1/",
    "teams": "/teams/",
    "team": "/teams/maintainers/",
    "team to delete": "/teams/maintainers/delete/",
    "grant": "/teams/maintainers/grants/add/?role=BROWSE&registry=*&pattern=team-a/*",
    "account": "/account/",
    "password": "/account/password/",
    "tokens": "/account/tokens/",
    "two-factor": "/account/two-factor/",
    "password again": "/account/two-factor/on/",
}


@pytest.mark.parametrize("name", PAGES)
def test_is_open_to_everybody(administrator: Page, name: str) -> None:
    administrator.goto(PAGES[name])

    assert faults_of(administrator) == []


@pytest.mark.parametrize("person", ["member", "maintainer", "auditor"])
def test_fits_a_phone_whoever_looks(page: Page, peopled: Site, person: str) -> None:
    go_and_sign_in(page, person)
    page.goto(REPOSITORY)

    assert faults_of(page) == []


def test_leads_on_from_a_menu_that_stays_within_a_phone(administrator: Page) -> None:
    administrator.set_viewport_size({"width": 390, "height": 800})
    administrator.goto(REPOSITORY)

    administrator.get_by_text("Manage", exact=True).click()
    link = administrator.get_by_role("link", name="Audit log")
    box = link.bounding_box()
    assert box is not None
    assert 0 <= box["x"] <= 390 - box["width"]
    link.click()

    expect(administrator.get_by_role("heading", level=1)).to_have_text("Audit log")


@pytest.mark.parametrize("person", ["outsider", "member"])
def test_offers_no_menu_to_who_manages_nothing(page: Page, peopled: Site, person: str) -> None:
    go_and_sign_in(page, person)

    assert page.get_by_text("Manage", exact=True).count() == 0
