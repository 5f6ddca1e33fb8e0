"""The audit log in Chromium, as an auditor sees it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Watch
from tests.browser.site import Machine
from tests.browser.test_every_page import faults_of

pytestmark = pytest.mark.browser

RECORD = """
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from registryui.accounts.models import User
from registryui.audit.api import Action, Actor, Result, record
evil = "<script>alert(1)</script>\\u202e" + "x" * 200
place = {"registry": "sample", "repository": "platform/api", "digest": "sha256:" + "ab" * 32}
now = timezone.now()
for name in ("ann", "bob", evil):
    by = Actor(name, id=7, teams=("web",), address="192.0.2.1", request_id="abc")
    attempt = record(Action.TAG_DELETE, by=by, result="ATTEMPTED", subject="v1", now=now, **place)
    for result in Result.values:
        record(
            Action.TAG_DELETE, by=by, result=result, subject="v1", reason=f"{name}: no", now=now,
            details={name: name}, attempt=attempt, **place,
        )
user = User.objects.create_user("olga", role=User.Role.AUDITOR)
session = SessionStore()
session["_auth_user_id"] = str(user.pk)
session["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[0]
session["_auth_user_hash"] = user.get_session_auth_hash()
session.create()
print("session", session.session_key)
"""
PAGES = {
    "list": "/audit/",
    "narrowed": "/audit/?who=ann&from=2026-01-01",
    "nothing": "/audit/?who=nobody",
    "attempt": "/audit/1/",
    "outcome": "/audit/14/",
}


@pytest.fixture(scope="session")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Serve a site with some events; return where its addresses begin, and a session's key."""
    machine = Machine(tmp_path_factory.mktemp("audited") / "data", {})
    done = machine.manage("shell", "--command", RECORD)
    assert done.returncode == 0, done.stderr
    with machine.served() as url:
        yield url, done.stdout.split("session ")[1].split()[0]


@pytest.fixture
def auditor(browser: Browser, watch: Watch, audited: tuple[str, str]) -> Iterator[Page]:
    """Return a page of an auditor's browser."""
    url, session = audited
    # Not by a fixture base_url: the first one is that of the whole session.
    context = browser.new_context(base_url=url)
    context.add_cookies([{"name": "sessionid", "value": session, "url": url}])
    context.set_default_timeout(5000)
    watch.over(context)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_is_open_to_everybody_who_may_read_it(auditor: Page, name: str) -> None:
    auditor.goto(PAGES[name])

    assert faults_of(auditor) == []


def test_is_narrowed_as_one_chooses(auditor: Page) -> None:
    auditor.goto("/audit/")
    rows = auditor.locator("main tbody tr")
    expect(rows).to_have_count(18)

    auditor.get_by_label("Result").select_option("failed")
    expect(rows).to_have_count(3)
    auditor.get_by_label("Who, the whole name").fill("ann")
    auditor.keyboard.press("Enter")

    expect(rows).to_have_count(1)
    expect(auditor).to_have_url(re.compile(r"who=ann.*result=failed"))
    expect(auditor.locator("#status")).to_have_text("1 event shown.")
    auditor.go_back()
    expect(rows).to_have_count(3)


def test_leads_from_an_attempt_to_its_outcomes(auditor: Page) -> None:
    auditor.goto("/audit/1/")

    related = auditor.get_by_role("region", name="What belongs to it").locator("tbody tr")

    expect(related).to_have_count(5)
    related.first.get_by_role("link").first.click()
    expect(auditor.get_by_role("heading", level=1)).to_have_text("Event 2")
    expect(auditor.get_by_text("fits", exact=True)).to_be_visible()


def test_gives_the_file_of_what_is_shown(auditor: Page) -> None:
    auditor.goto("/audit/?who=ann")

    with auditor.expect_download() as started:
        auditor.get_by_role("link", name="Export as CSV").click()

    assert started.value.suggested_filename.endswith(".csv")
    assert len(started.value.path().read_text("utf-8").splitlines()) == 7


def test_prints_the_log_and_nothing_around_it(auditor: Page) -> None:
    auditor.goto("/audit/?who=ann")

    auditor.emulate_media(media="print")

    for hidden in (".top", ".foot", ".tools", ".copy"):
        expect(auditor.locator(hidden).first).to_be_hidden()
    expect(auditor.get_by_text("who ann, the newest first")).to_be_visible()
    expect(auditor.locator("main tbody tr")).to_have_count(6)
