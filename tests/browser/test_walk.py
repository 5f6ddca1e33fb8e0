"""From the registries down to a layer and back, with scripts."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from registryui.sample import builder
from tests.browser.site import Site

pytestmark = pytest.mark.browser

TAGS = "/r/sample/platform/api/"
TAG = "/r/sample/platform/api/-/tags/2.4.1/"


def rows(page: Page) -> Locator:
    """Return the rows of the list that the page shows."""
    return page.locator("main tbody tr")


def names(page: Page) -> Locator:
    """Return the names at the head of those rows."""
    return page.locator("main tbody tr th a.name")


def test_walks_down_to_a_layer_and_back(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="The sample registry").click()
    page.get_by_role("link", name="platform/api", exact=True).click()
    page.get_by_role("link", name="2.4.1", exact=True).click()
    expect(page).to_have_url(re.compile(re.escape(TAG) + "$"))
    page.locator("summary", has_text="COPY /venv /app/venv").click()

    expect(page.locator("details[open] .digest-full")).to_have_text(
        re.compile("sha256:[0-9a-f]{64}")
    )
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("api")
    page.go_back()
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Registries")
    page.go_forward()
    expect(page.get_by_role("heading", level=1)).to_have_text("The sample registry")


def test_filters_as_one_types(page: Page) -> None:
    page.goto("/r/sample/")
    box = page.get_by_label("Filter repositories by name")
    before = rows(page).count()

    box.press_sequentially("cento")

    expect(names(page)).to_have_text(
        ["ansible/centos7-ansible", "library/centos", "tenxcloud/centos"]
    )
    expect(page.locator("#status")).to_have_text("3 repositories found.")
    expect(page).to_have_url(re.compile(r"/r/sample/\?q=cento$"))
    expect(box).to_be_focused()
    page.reload()
    expect(box).to_have_value("cento")
    expect(names(page)).to_have_count(3)
    page.go_back()
    expect(rows(page)).to_have_count(before)


def test_opens_what_was_filtered_at_the_first_click(page: Page) -> None:
    page.goto("/r/sample/")
    page.get_by_label("Filter repositories by name").press_sequentially("platform/api")
    expect(names(page)).to_have_count(1)

    # A person keeps the button down for a while; whatever happens then must not take the link away.
    names(page).hover()
    page.mouse.down()
    page.wait_for_timeout(300)
    page.mouse.up()

    expect(page.get_by_role("heading", level=1)).to_have_text("api")


def test_says_when_nothing_matches(page: Page) -> None:
    page.goto("/r/sample/")

    page.get_by_label("Filter repositories by name").fill("nothing-like-it")

    expect(page.get_by_role("heading", name="No repository matches")).to_be_visible()
    page.get_by_role("link", name="Show all repositories").click()
    expect(page.get_by_role("link", name="platform/api", exact=True)).to_be_visible()


def test_filters_tags_by_platform(page: Page) -> None:
    page.goto(TAGS)

    page.get_by_label("Platform").select_option("linux/arm64/v8")

    expect(page).to_have_url(re.compile(r"platform=linux(/|%2F)arm64(/|%2F)v8"))
    expect(page.get_by_role("link", name="1.11.2", exact=True)).to_have_count(0)
    expect(page.get_by_role("link", name="2.4.1", exact=True)).to_be_visible()


def test_sorts_over_the_whole_list(page: Page) -> None:
    page.goto(TAGS)

    page.get_by_role("link", name="Created").click()

    expect(page.locator("th[aria-sort=descending]")).to_have_text(re.compile("Created"))
    page.get_by_role("link", name="Created").click()
    expect(page.locator("th[aria-sort=ascending]")).to_have_text(re.compile("Created"))
    expect(names(page).first).to_have_text("1.0.0-rc.1")
    expect(page).to_have_url(re.compile(r"\?sort=created$"))
    page.go_back()
    expect(names(page).first).to_have_text("2.4.1")


@pytest.mark.parametrize(
    ("address", "heading", "box", "typed"),
    [
        ("/r/sample/", "Stored", "Filter repositories by name", "cent"),
        (TAGS, "Created", "Filter tags by name", "rc"),
    ],
)
def test_keeps_the_order_when_a_list_is_filtered_afterwards(
    page: Page, address: str, heading: str, box: str, typed: str
) -> None:
    page.goto(address)

    page.get_by_role("link", name=heading, exact=True).click()
    expect(page.locator("th[aria-sort=descending]")).to_have_text(re.compile(heading))
    page.get_by_label(box).press_sequentially(typed)

    expect(page).to_have_url(re.compile(rf"\?(?=.*q={typed})(?=.*sort=-)"))
    expect(page.locator("th[aria-sort=descending]")).to_have_text(re.compile(heading))


def test_pages_through_a_list(page: Page) -> None:
    page.goto(TAGS)
    first = names(page).first

    page.get_by_role("link", name=re.compile("^Next ")).click()

    expect(page).to_have_url(re.compile(r"\?page=2$"))
    expect(page.locator(".pagination span")).to_have_text(re.compile("^51 – "))
    expect(first).not_to_have_text("2.4.1")
    page.reload()
    expect(page.locator(".pagination span")).to_have_text(re.compile("^51 – "))
    page.get_by_role("link", name="Previous").click()
    expect(first).to_have_text("2.4.1")
    page.go_back()
    expect(page.locator(".pagination span")).to_have_text(re.compile("^51 – "))


def test_shows_each_tag_on_its_own(page: Page) -> None:
    page.goto("/r/sample/library/centos/")
    before = rows(page).count()

    page.get_by_label("each tag on its own").check()

    expect(page).to_have_url(re.compile("view=tags"))
    expect(page.get_by_role("link", name="latest", exact=True).first).to_be_visible()
    assert rows(page).count() > before


def test_searches_from_any_page_by_a_key(page: Page) -> None:
    page.goto(TAG)

    page.keyboard.press("/")
    page.keyboard.type("centos7-ansible")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"/search/\?q=centos7-ansible$"))
    link = page.get_by_role("link", name="ansible/centos7-ansible").first
    link.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("centos7-ansible")


def test_searches_as_one_types(page: Page) -> None:
    page.goto("/search/")

    page.locator("#search-box").press_sequentially("gateway")

    expect(page).to_have_url(re.compile("q=gateway"))
    expect(page.get_by_role("link", name="charts/gateway").first).to_be_visible()
    expect(page.locator("#status")).to_have_text(re.compile("found"))


def test_copies_what_the_button_says(page: Page) -> None:
    page.goto(TAG)
    digest = page.locator(".facts a.digest").get_attribute("title")

    page.locator(".facts").get_by_role("button", name="Copy the digest").click()

    expect(page.locator("#status")).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == digest
    page.get_by_role("button", name="Copy the pull command").click()
    expect(page.locator(".pull > .copy.done")).to_have_count(1)
    assert page.evaluate("navigator.clipboard.readText()").startswith("docker pull 127.0.0.1:")


def test_offers_other_clients_in_a_menu(page: Page) -> None:
    page.goto(TAG)
    menu = page.locator(".pull .menu")
    opener = page.locator("summary", has_text="others")

    opener.click()
    expect(menu).to_be_visible()
    expect(menu.get_by_text("By digest")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(opener).to_be_focused()
    opener.click()
    expect(menu).to_be_visible()
    page.get_by_role("heading", level=1).click()
    expect(menu).to_be_hidden()


def test_shows_another_platform(page: Page) -> None:
    page.goto(TAG)
    tabs = page.get_by_role("navigation", name="Platforms")
    expect(tabs.locator("[aria-current]")).to_have_text(re.compile("^linux/amd64"))

    tabs.get_by_role("link", name="linux/arm64/v8").click()

    expect(tabs.locator("[aria-current]")).to_have_text(re.compile("^linux/arm64/v8"))
    expect(page).to_have_url(re.compile(r"\?platform=linux/arm64/v8$"))
    page.go_back()
    expect(tabs.locator("[aria-current]")).to_have_text(re.compile("^linux/amd64"))


def test_loads_the_exact_bytes_when_they_come_into_view(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 400})
    page.goto(TAG)
    expect(page.locator("#raw-manifest")).to_have_count(0)

    page.get_by_role("heading", name="Manifest", exact=True).scroll_into_view_if_needed()
    page.mouse.wheel(0, 10_000)

    expect(page.locator("#raw-manifest pre")).to_contain_text('"schemaVersion"')
    expect(page.locator("#raw-manifest")).to_contain_text("the digest matches the bytes we hold")


def test_refreshes_a_repository(page: Page, site: Site) -> None:
    builder.image(site.sample, "history/refreshed", "1")
    site.sync()
    page.goto("/r/sample/history/refreshed/")
    expect(names(page)).to_have_text(["1"])
    builder.image(site.sample, "history/refreshed", "2", layers=2)

    page.get_by_role("button", name="refresh").click()

    expect(names(page)).to_have_text(["2", "1"])
    expect(page.locator("#repository-facts")).to_contain_text("2 tags")


def test_keeps_the_chosen_colours(page: Page) -> None:
    page.goto("/r/sample/")
    surface = "getComputedStyle(document.body).backgroundColor"
    page.get_by_role("button", name="Light").click()
    light = page.evaluate(surface)

    page.get_by_role("button", name="Dark").click()

    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page).to_have_url(re.compile("/r/sample/$"))
    assert page.evaluate(surface) != light
    page.goto(TAG)
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.get_by_role("button", name="Dark")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="As the system has it").click()
    assert page.locator("html").get_attribute("data-theme") is None


def test_shows_where_a_tag_pointed(page: Page) -> None:
    page.goto("/r/sample/history/app/-/tags/moved/")

    history = page.get_by_role("region", name="History of the tag")

    expect(history.locator("tbody tr")).to_have_count(1)
    expect(history.get_by_role("link")).to_have_count(2)


def test_obeys_no_text_of_an_image(page: Page) -> None:
    page.goto("/r/sample/xymtest/hostile/-/tags/latest/")

    expect(page.get_by_text("<script>alert('title')</script>").first).to_be_visible()
    assert page.locator("main script, main img, main marquee").count() == 0
    assert page.locator("a[href^='javascript:'], a[href^='data:']").count() == 0
