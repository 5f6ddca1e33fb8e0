"""Protected tags and retention rules in Chromium: with a live preview, and open to everybody."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.signing import sign_in
from tests.browser.site import Site
from tests.browser.test_every_page import faults_of

pytestmark = pytest.mark.browser

PASSWORD = "a few words to sign in with"
SET_UP = f"""
from django.utils import timezone
from registryui.accounts.models import User
from registryui.catalog.models import Registry
from registryui.deletion.models import ProtectionRule, RetentionRule
from registryui.deletion.retention.scheduling import KIND, ask_for_run
from registryui.jobs.api import Hands, Job
now = timezone.now()
User.objects.create_user("ann", password="{PASSWORD}", role="ADMINISTRATOR")
Registry.objects.filter(slug="sample").update(deletes_tags=True, deletes_digests=True,
    accepts_pushes=True, deletion_words="It deletes.", deletion_tested_at=now)
ProtectionRule.objects.create(tag="2.*", repository="platform/*", reason="sold", created_at=now)
rule = RetentionRule.objects.create(name="Keep five", registry="sample", repository="platform/*",
    newest=5, kept="latest", created_at=now)
ask_for_run(rule, is_dry=True, actor_name="ann", now=now)
hands = Hands("once")
for job in Job.objects.waiting().filter(kind=KIND):
    hands.run(job.pk)
"""
FORM = "name=Try&registry=sample&repository=platform/*&tag=*&newest=3&newest_by=VERSION"
PAGES = {
    "protected tags": "/protection/?tag=2.*&repository=platform/*&registry=*",
    "rules": "/retention/",
    "rule": "/retention/1/",
    "dry run": "/retention/runs/1/",
    "tags of a dry run": "/retention/runs/1/?registry=sample&repository=platform/api",
    "new rule": f"/retention/new/?{FORM}&days_by=CREATED&max_percent=50",
    "new rule with nothing filled in": "/retention/new/",
}


@pytest.fixture(scope="module")
def ruled(site: Site) -> Site:
    """Return the site with rules, one of which was tried."""
    done = site.machine.manage("shell", "--command", SET_UP)
    assert done.returncode == 0, done.stderr
    return site


@pytest.fixture
def signed_in(page: Page, ruled: Site) -> Iterator[Page]:
    """Return the page of an administrator."""
    page.goto("/sign-in/")
    sign_in(page, "ann", PASSWORD)
    page.wait_for_url("**/")
    yield page
    page.context.clear_cookies()


@pytest.mark.parametrize("name", PAGES)
def test_is_open_to_everybody(signed_in: Page, name: str) -> None:
    signed_in.goto(PAGES[name])

    assert faults_of(signed_in) == []


def test_shows_what_would_go_while_a_rule_is_written(signed_in: Page) -> None:
    signed_in.goto("/retention/new/")
    signed_in.get_by_label("Repositories", exact=True).fill("platform/*")
    signed_in.get_by_label("Keep the newest", exact=True).fill("5")
    heading = signed_in.get_by_role("heading", name="Would go now")
    heading.wait_for()
    many = heading.inner_text()
    signed_in.get_by_label("Keep the newest", exact=True).fill("90")
    signed_in.get_by_text(many).wait_for(state="detached")

    assert signed_in.get_by_role("heading", name="Would go now").inner_text() != many
    assert signed_in.url.endswith("/retention/new/")


def test_shows_which_tags_are_protected_while_that_is_written(signed_in: Page) -> None:
    signed_in.goto("/protection/")
    signed_in.get_by_label("Tags", exact=True).fill("2.4.*")

    signed_in.get_by_role("heading", name="Protected now by").wait_for()
