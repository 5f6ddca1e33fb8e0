"""From the link of the first start to a team that may do something, and the door for everybody."""

import base64
import hashlib
import hmac
import re
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.browser.signing import sign_in
from tests.browser.site import Machine
from tests.browser.test_every_page import faults_of

pytestmark = pytest.mark.browser

NAME, PASSWORD = "ann", "correct horse battery"
# Not by flush: nobody empties the audit log.
FORGET = """
from django.core.cache import cache
from registryui.accounts.models import Team, User
User.objects.all().delete()
Team.objects.all().delete()
cache.clear()
"""


@dataclass
class Closed:
    """A site whose pages nobody reads without signing in."""

    url: str
    machine: Machine

    def set_up_link(self) -> str:
        """Return the link of the first administrator."""
        return self.machine.manage("setuplink", "--site", self.url).stdout.strip()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Closed]:
    """Serve an empty site for all tests."""
    directory = tmp_path_factory.mktemp("closed") / "data"
    machine = Machine(directory, {}, REGISTRYUI_ANONYMOUS_READ="0")
    with machine.served() as url:
        yield Closed(url, machine)


@pytest.fixture
def closed(served: Closed) -> Closed:
    """Return the site as if nobody had set it up yet."""
    done = served.machine.manage("shell", "--command", FORGET)
    assert done.returncode == 0, done.stderr
    return served


def set_up(page: Page, closed: Closed) -> None:
    """Become the first administrator."""
    page.goto(closed.set_up_link())
    page.get_by_label("Name", exact=True).fill(NAME)
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("New password, once more").fill(PASSWORD)
    page.get_by_role("button", name="Set up").click()
    expect(page.get_by_label(f"Account of {NAME}")).to_be_visible()


def sign_out(page: Page) -> None:
    """Sign out by the menu."""
    page.get_by_label(f"Account of {NAME}").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def make_team(page: Page, closed: Closed) -> None:
    """Make a team and grant it something."""
    page.goto(f"{closed.url}/teams/")
    page.get_by_label("Name", exact=True).fill("Team A")
    page.get_by_role("button", name="Make a team").click()
    page.locator("[name=role]").select_option("DELETE")
    page.get_by_label("Repositories", exact=True).fill("team-a/*")
    page.get_by_role("button", name="Grant…").click()
    sentence = "Members of Team A may browse and delete team-a/* in all registries."
    expect(page.get_by_text(sentence)).to_be_visible()
    page.get_by_role("button", name="Grant").click()
    expect(page.get_by_text("browse and delete team-a/*")).to_be_visible()


def add_person(page: Page, closed: Closed, name: str) -> str:
    """Add somebody; return the link that is shown once."""
    page.goto(f"{closed.url}/people/")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_role("button", name="Add", exact=True).click()
    return page.locator(".shown-once code").inner_text()


def code_of(secret: str) -> str:
    """Return what an authenticator app shows now (RFC 6238)."""
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    place = digest[-1] & 15
    number = int.from_bytes(digest[place : place + 4]) & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def test_leads_from_the_set_up_to_a_member_of_a_team(page: Page, closed: Closed) -> None:
    page.goto(closed.url)
    expect(page).to_have_url(re.compile(r"/sign-in/\?next=/$"))
    set_up(page, closed)
    make_team(page, closed)
    link = add_person(page, closed, "bob")
    page.goto(f"{closed.url}/teams/team-a/")
    page.get_by_label("Name", exact=True).first.fill("bob")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("link", name="bob")).to_be_visible()
    sign_out(page)

    page.goto(link)
    page.get_by_label("New password", exact=True).fill("another horse battery")
    page.get_by_label("New password, once more").fill("another horse battery")
    page.get_by_role("button", name="Save and sign in").click()
    page.get_by_label("Account of bob").click()
    page.get_by_role("link", name="Account", exact=True).click()

    expect(page.get_by_role("link", name="Team A")).to_be_visible()
    expect(page.get_by_text("browse and delete team-a/* in all registries")).to_be_visible()


def test_says_that_it_is_slowed_down(page: Page, closed: Closed) -> None:
    page.goto(f"{closed.url}/sign-in/")

    for _ in range(6):
        sign_in(page, NAME, "wrong")

    expect(page.get_by_role("alert")).to_contain_text("Too many failed sign-ins")


def test_asks_for_a_code_once_that_is_turned_on(page: Page, closed: Closed) -> None:
    set_up(page, closed)
    page.goto(f"{closed.url}/account/two-factor/")
    page.get_by_role("link", name="Turn on").click()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    secret = page.locator("main code").inner_text()
    page.wait_for_load_state("load")  # the picture, too
    assert page.evaluate("document.querySelector('img.qr').naturalWidth") > 0
    page.get_by_label("Authenticator code").fill(code_of(secret))
    page.get_by_role("button", name="Turn on").click()
    recovery = page.locator(".codes li").first.inner_text()
    sign_out(page)

    sign_in(page, NAME, PASSWORD)
    page.get_by_label("Code", exact=True).fill(recovery)
    page.get_by_role("button", name="Sign in", exact=True).click()

    expect(page.get_by_label(f"Account of {NAME}")).to_be_visible()


def test_works_without_scripts(scriptless: Page, closed: Closed) -> None:
    set_up(scriptless, closed)
    make_team(scriptless, closed)
    add_person(scriptless, closed, "bob")

    sign_out(scriptless)


def test_is_open_to_everybody(page: Page, closed: Closed) -> None:
    faults = {}
    page.goto(closed.set_up_link())
    faults["set-up"] = faults_of(page)
    set_up(page, closed)
    page.get_by_label(f"Account of {NAME}").click()
    faults["menu"] = faults_of(page)
    make_team(page, closed)
    add_person(page, closed, "bob")
    faults["link"] = faults_of(page)
    page.goto(f"{closed.url}/people/")
    page.get_by_role("link", name="bob").click()
    faults["person"] = faults_of(page)
    pages: tuple[str, ...] = ("people/", "teams/", "teams/team-a/", "teams/everybody/")
    pages += ("teams/team-a/delete/", "teams/team-a/grants/add/", "account/", "account/tokens/")
    pages += ("account/password/", "account/two-factor/", "account/two-factor/on/")
    for address in pages:
        page.goto(f"{closed.url}/{address}")
        faults[address] = faults_of(page)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    faults["two-factor"] = faults_of(page)
    sign_out(page)
    sign_in(page, NAME, "wrong")
    faults["sign-in"] = faults_of(page)

    assert {name: found for name, found in faults.items() if found} == {}
