"""What every page must be for who is signed in, with all of the navigation."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.site import Site
from tests.browser.test_every_page import faults_of

pytestmark = pytest.mark.browser

PEOPLE = "from tests.people import make_people; make_people('platform/*')"
TESTED = """
from django.utils import timezone
from registryui.catalog.models import Registry
Registry.objects.filter(slug="sample").update(deletes_tags=True, deletes_digests=True,
    accepts_pushes=True, deletion_words="It deletes.", deletion_tested_at=timezone.now())
"""
WATCHED = """
from django.utils import timezone
from registryui.catalog.models import Registry, Repository
from registryui.sync.watching import discover, watch
empty = Registry.objects.get(slug="empty")
watch(empty, ["team/app", "team/none", "team/refused", "base/*"], by="ann", now=timezone.now())
Registry.objects.filter(pk=empty.pk).update(has_catalog=False)
discover(Registry.objects.get(pk=empty.pk), "base/pushed", now=timezone.now())
for name, error in (("team/none", ""), ("team/refused", "It does not let us pull.")):
    Repository.objects.create(registry=empty, name=name, state="EMPTY", last_error=error,
        found_by="WATCHED", first_seen_at=timezone.now(), refreshed_at=timezone.now())
"""
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


@pytest.fixture(scope="module")
def peopled(site: Site) -> Site:
    """Return the site with people, and a registry that was tested."""
    for command in (PEOPLE, TESTED, WATCHED):
        done = site.machine.manage("shell", "--command", command)
        assert done.returncode == 0, done.stderr
    return site


def sign_in(page: Page, name: str) -> None:
    """Sign in as one of the people."""
    page.goto("/sign-in/")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(f"{name}-password")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")


@pytest.fixture(scope="module")
def signed_in(browser: Browser, peopled: Site) -> Any:
    """Return the cookies of an administrator, who signs in once: more often is slowed down."""
    context = browser.new_context(base_url=peopled.url)
    sign_in(context.new_page(), "administrator")
    cookies = context.cookies()
    context.close()
    return cookies


@pytest.fixture
def administrator(page: Page, signed_in: Any) -> Page:
    """Return the page of an administrator."""
    page.context.add_cookies(signed_in)
    return page


@pytest.mark.parametrize("name", PAGES)
def test_is_open_to_everybody(administrator: Page, name: str) -> None:
    administrator.goto(PAGES[name])

    assert faults_of(administrator) == []


@pytest.mark.parametrize("person", ["member", "maintainer", "auditor"])
def test_fits_a_phone_whoever_looks(page: Page, peopled: Site, person: str) -> None:
    sign_in(page, person)
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
    sign_in(page, person)

    assert page.get_by_text("Manage", exact=True).count() == 0
