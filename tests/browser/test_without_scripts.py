"""The same walk with JavaScript off: plain links and forms."""

import re

import pytest
from playwright.sync_api import Page, expect

from registryui.sample import builder
from tests.browser.site import Site

pytestmark = pytest.mark.browser

TAG = "/r/sample/platform/api/-/tags/2.4.1/"


def test_walks_down_to_a_layer_and_back(scriptless: Page) -> None:
    page = scriptless
    page.goto("/")
    page.get_by_role("link", name="The sample registry").click()
    page.get_by_role("link", name="platform/api", exact=True).click()
    page.get_by_role("link", name="2.4.1", exact=True).click()
    page.locator("summary", has_text="COPY /venv /app/venv").click()

    expect(page.locator("details[open] .digest-full")).to_have_text(
        re.compile("sha256:[0-9a-f]{64}")
    )
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("api")


def test_filters_sorts_and_pages(scriptless: Page) -> None:
    page = scriptless
    page.goto("/r/sample/")
    page.get_by_label("Filter repositories by name").fill("platform/a")
    page.get_by_role("button", name="Filter").click()
    expect(page.locator("main tbody tr")).to_have_count(1)
    page.get_by_role("link", name="platform/api", exact=True).click()

    page.get_by_role("link", name="Created").click()
    page.get_by_role("link", name=re.compile("^Next ")).click()

    expect(page).to_have_url(re.compile(r"sort=-created&page=2$"))
    expect(page.locator(".pagination span")).to_have_text(re.compile("^51 – "))
    expect(page.locator("th[aria-sort=descending]")).to_have_text(re.compile("Created"))


def test_chooses_a_platform_and_reads_the_exact_bytes(scriptless: Page) -> None:
    page = scriptless
    page.goto(TAG)
    tabs = page.get_by_role("navigation", name="Platforms")

    tabs.get_by_role("link", name="linux/arm64/v8").click()

    expect(tabs.locator("[aria-current]")).to_have_text(re.compile("^linux/arm64/v8"))
    page.get_by_role("link", name="Show the exact bytes").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Exact bytes")
    expect(page.locator("pre")).to_contain_text('"schemaVersion"')


def test_searches(scriptless: Page) -> None:
    page = scriptless
    page.goto("/")

    page.get_by_role("searchbox").fill("gateway")
    page.keyboard.press("Enter")

    expect(page.get_by_role("link", name="charts/gateway").first).to_be_visible()


def test_refreshes_a_repository(scriptless: Page, site: Site) -> None:
    page = scriptless
    builder.image(site.sample, "history/plainly-refreshed", "1")
    site.sync()
    page.goto("/r/sample/history/plainly-refreshed/")
    builder.image(site.sample, "history/plainly-refreshed", "2", layers=2)

    page.get_by_role("button", name="refresh").click()

    expect(page.locator("main tbody th a.name")).to_have_text(["2", "1"])


def test_keeps_the_chosen_colours(scriptless: Page) -> None:
    page = scriptless
    page.goto("/r/sample/?q=centos")

    page.get_by_role("button", name="Dark").click()

    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page).to_have_url(re.compile(r"/r/sample/\?q=centos$"))


def test_offers_no_button_that_does_nothing(scriptless: Page) -> None:
    scriptless.goto(TAG)

    expect(scriptless.locator(".copy").first).to_be_hidden()
    scriptless.locator("summary", has_text="others").click()
    expect(scriptless.locator(".pull .menu")).to_be_visible()
