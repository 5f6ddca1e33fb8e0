"""The doctor in Chromium, as an administrator sees it."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from registryui.sample.registry import SampleRegistry
from registryui.sample.serving import serve
from tests.browser.conftest import Watch
from tests.browser.site import DECLARE, Machine
from tests.browser.test_every_page import faults_of
from tests.real.processes import free_port

pytestmark = pytest.mark.browser

SIGN_IN = f"""
{DECLARE}
from django.contrib.sessions.backends.db import SessionStore
from registryui.accounts.models import User
user = User.objects.create_user("olga", role=User.Role.ADMINISTRATOR)
session = SessionStore()
session["_auth_user_id"] = str(user.pk)
session["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[0]
session["_auth_user_hash"] = user.get_session_auth_hash()
session.create()
print("session", session.session_key)
"""


@pytest.fixture(scope="session")
def hospital(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Serve a site with a registry that is well and one that is not, and a worker; a session."""
    with ExitStack() as stack:
        well = stack.enter_context(serve(SampleRegistry()))
        urls = {"well": well, "ill": f"https://127.0.0.1:{free_port()}"}
        machine = Machine(tmp_path_factory.mktemp("hospital") / "data", urls)
        done = machine.manage("shell", "--command", SIGN_IN)
        assert done.returncode == 0, done.stderr
        stack.enter_context(machine.worked())
        url = stack.enter_context(machine.served())
        yield url, done.stdout.split("session ")[1].split()[0]


@pytest.fixture
def doctor(new_context: Any, watch: Watch, hospital: tuple[str, str]) -> Page:
    """Return a page of an administrator's browser; what it opens has to be said in full."""
    url, session = hospital
    context = new_context()
    context.add_cookies([{"name": "sessionid", "value": session, "url": url}])
    context.set_default_timeout(15000)
    watch.over(context)
    page: Page = context.new_page()
    return page


@pytest.mark.parametrize(("slug", "verdict"), [("well", "1 to look at"), ("ill", "1 broken")])
def test_shows_what_the_doctor_found_when_it_is_found(
    doctor: Page, hospital: tuple[str, str], slug: str, verdict: str
) -> None:
    doctor.goto(f"{hospital[0]}/r/{slug}/-/doctor/")
    assert faults_of(doctor) == []

    doctor.get_by_role("button", name="Examine it").click()

    expect(doctor.get_by_text(verdict, exact=True)).to_be_visible(timeout=30000)
    expect(doctor.locator("main tbody tr")).to_have_count(16)
    assert faults_of(doctor) == []


def test_leads_from_the_doctor_to_the_explanation(doctor: Page, hospital: tuple[str, str]) -> None:
    doctor.goto(f"{hospital[0]}/r/ill/-/doctor/")
    doctor.get_by_role("button", name="Examine it").click()

    doctor.get_by_role("link", name="connection refused").click()

    expect(doctor.get_by_role("heading", level=1)).to_have_text("What an error message means")
    expect(doctor.get_by_text("nothing listens on this port")).to_be_visible()
