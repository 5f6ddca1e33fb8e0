"""The commands in Chromium, with and without scripts."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_every_page import faults_of

pytestmark = pytest.mark.browser


def test_changes_the_client_without_loading_the_page(page: Page) -> None:
    page.goto("/r/sample/")
    page.get_by_role("link", name="Connect").click()
    page.get_by_role("navigation", name="Clients").get_by_role("link", name="skopeo").click()

    expect(page).to_have_url(re.compile(r"tool=skopeo"))
    expect(page.get_by_text("skopeo list-tags")).to_be_visible()
    page.get_by_label("User name at the registry").fill("o'hara")
    page.get_by_role("button", name="Write it").click()
    expect(page.get_by_text("""--username 'o'"'"'hara'""")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("User name at the registry")).to_have_value("user")
    page.go_back()
    expect(page.get_by_text("docker push").first).to_be_visible()


def test_copies_a_command(page: Page) -> None:
    page.goto("/r/sample/-/connect/?tool=podman&user=ann")

    page.get_by_role("button", name="Copy Log in").click()

    copied = page.evaluate("navigator.clipboard.readText()")
    assert re.fullmatch(r"podman login --tls-verify=false -u 'ann' 127\.0\.0\.1:\d+", copied)


def test_is_open_to_everybody_when_unfolded(page: Page) -> None:
    page.goto("/r/sample/-/connect/?tool=nerdctl")
    page.evaluate("document.querySelectorAll('details.case').forEach(each => each.open = true)")

    assert faults_of(page) == []


def test_writes_commands_without_scripts(scriptless: Page) -> None:
    scriptless.goto("/r/sample/-/connect/")
    scriptless.get_by_role("navigation", name="Clients").get_by_role("link", name="helm").click()

    expect(scriptless.get_by_text("helm registry login")).to_be_visible()
    scriptless.get_by_label("User name at the registry").fill("ann")
    scriptless.get_by_role("button", name="Write it").click()
    expect(scriptless.get_by_text("-u 'ann'")).to_be_visible()
