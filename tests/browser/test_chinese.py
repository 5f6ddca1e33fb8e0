"""Pages in Simplified Chinese: chosen by hand, open to everybody, in any width and colour."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Watch
from tests.browser.site import Site
from tests.browser.test_every_page import PAGES, faults_of
from tests.browser.test_signed_in import PAGES as PAGES_OF_PEOPLE

pytestmark = [pytest.mark.browser, pytest.mark.chinese]


@pytest.mark.parametrize("name", PAGES)
def test_is_open_to_readers_of_chinese(
    page: Page, context: BrowserContext, site: Site, watch: Watch, name: str
) -> None:
    context.add_cookies([{"name": "language", "value": "zh-hans", "url": site.url}])
    watch.expected.add(site.url + PAGES[name])
    page.goto(PAGES[name])

    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    assert faults_of(page, widths=(390,)) == []


@pytest.mark.parametrize("name", PAGES_OF_PEOPLE)
def test_is_open_to_administrators_who_read_chinese(
    administrator: Page, site: Site, name: str
) -> None:
    administrator.context.add_cookies([{"name": "language", "value": "zh-hans", "url": site.url}])
    administrator.goto(PAGES_OF_PEOPLE[name])

    expect(administrator.locator("html")).to_have_attribute("lang", "zh-Hans")
    assert faults_of(administrator, widths=(390,)) == []


def test_changes_the_language_at_the_foot_of_a_page(page: Page) -> None:
    page.goto("/r/sample/")

    page.get_by_role("button", name="简体中文").click()

    expect(page).to_have_url("/r/sample/")
    expect(page.get_by_role("link", name="注册表", exact=True).first).to_be_visible()
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_says_in_chinese_that_something_was_copied(
    page: Page, context: BrowserContext, site: Site
) -> None:
    context.add_cookies([{"name": "language", "value": "zh-hans", "url": site.url}])
    page.goto("/r/sample/platform/api/")

    page.get_by_role("button", name="复制拉取命令").click()

    expect(page.locator("#status")).to_have_text("已复制。")


def test_changes_the_language_without_javascript(scriptless: Page) -> None:
    scriptless.goto("/search/?q=centos")

    scriptless.get_by_role("button", name="简体中文").click()

    expect(scriptless).to_have_url("/search/?q=centos")
    expect(scriptless.locator("html")).to_have_attribute("lang", "zh-Hans")
