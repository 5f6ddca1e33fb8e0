"""What every page must be: open to everybody, in any width and colour, and light to load."""

import re
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import Watch
from tests.browser.site import Site

pytestmark = pytest.mark.browser

Options = dict[str, Any]
MAX_FIRST_VISIT_BYTES = 60_000
PAGES = {
    "registries": "/",
    "repositories": "/r/sample/",
    "all repositories": "/repositories/",
    "repositories of one of several registries": "/repositories/?registry=sample&sort=-size",
    "no repository of any registry matches": "/repositories/?q=nothing-like-it",
    "no repository matches": "/r/sample/?q=nothing-like-it",
    "empty registry": "/r/empty/",
    "failing registry": "/r/failing/",
    "registry never synced": "/r/new/",
    "repository": "/r/sample/platform/api/",
    "no tag matches": "/r/sample/platform/api/?q=nothing-like-it",
    "repository without tags": "/r/sample/attic/retired/",
    "tag": "/r/sample/platform/api/-/tags/2.4.1/",
    "tag that moved": "/r/sample/history/app/-/tags/moved/",
    "tag that is gone": "/r/sample/history/app/-/tags/removed/",
    "many layers": "/r/sample/platform/forty-layers/-/tags/1.0.0/",
    "hostile texts": "/r/sample/xymtest/hostile/-/tags/latest/",
    "schema 1": "/r/sample/legacy/hello/-/tags/2015/",
    "windows": "/r/sample/tools/powershell/-/tags/7.4-windows/",
    "chart": "/r/sample/charts/gateway/-/tags/1.1.0/",
    "artifact": "/r/sample/tools/release-notes/-/tags/2026.11/",
    "search": "/search/",
    "search with results": "/search/?q=centos",
    "search for official repositories": "/search/?q=centos&official=1&stars=1&automated=1",
    "search without results": "/search/?q=nothing-like-it",
    "search that Docker Hub is not told of": "/search/hub/?q=sha256:e3b0c44298fc",
    "inventory": "/inventory/",
    "inventory narrowed": "/inventory/?finding=root,old&q=centos&sort=-size",
    "inventory without results": "/inventory/?q=nothing-like-it",
    "findings of a tag": "/r/sample/xymtest/hostile/-/tags/latest/findings/",
    "inventory sums": "/inventory/summary/",
    "packages": "/packages/",
    "who has a package": "/packages/?q=libc6",
    "who has a package that nobody has": "/packages/?q=nothing-like-it",
    "vulnerabilities": "/vulnerabilities/",
    "a vulnerability that nobody reports": "/vulnerabilities/?q=CVE-2022-3602",
    "syncs": "/sync/",
    "activity": "/activity/",
    "activity that nobody did": "/activity/?actor=nobody",
    "activity of a repository": "/r/sample/platform/api/-/activity/",
    "builds": "/r/sample/platform/api/-/builds/",
    "builds in a state that none is in": "/r/sample/platform/api/-/builds/?state=failed",
    "newest build": "/r/sample/platform/api/-/builds/newest/",
    "notifications": "/r/sample/-/notifications/",
    "no notifications yet": "/r/empty/-/notifications/",
    "connect": "/r/sample/-/connect/",
    "connect a cluster": "/r/empty/-/connect/?tool=kubernetes",
    "error messages": "/explain/",
    "an error message": "/explain/?q=no+basic+auth+credentials",
    "an error message that nobody knows": "/explain/?q=something+else",
    "search with an error message": "/search/?q=no+basic+auth+credentials",
    "two images": "/compare/?a=sample/library/centos:6&b=sample/library/centos:7",
    "two indexes": "/compare/?a=sample/platform/api:1.0.0&b=sample/platform/api:2.4.1",
    "which two images": "/compare/?a=sample/platform/api:2.4.1",
    "no such two images": "/compare/?a=sample/no/such&b=junk",
    "nothing there": "/r/sample/no/such/repository/",
}
BY_DIGEST = {
    "index manifest": ("/r/sample/platform/api/-/tags/2.4.1/", "a:text-is('the index')"),
    "image manifest": ("/r/sample/library/centos/", "td a.digest"),
    "supply chain": ("/r/sample/platform/api/-/tags/2.4.1/", "#supply-chain-line a"),
    "raw": ("/r/sample/library/centos/-/tags/7/", "a:text-is('Show the exact bytes')"),
    "dockerfile": ("/r/sample/tools/powershell/-/tags/7.4-windows/", "a:text-is('Dockerfile')"),
    "dockerfile of many layers": (
        "/r/sample/platform/forty-layers/-/tags/1.0.0/",
        "a:text-is('Dockerfile')",
    ),
}
LIGHT_ON_THE_LINE = {
    "registries": "/",
    "repositories": "/r/sample/",
    "all repositories": "/repositories/",
    "repository": "/r/sample/platform/api/",
    "tag": "/r/sample/platform/api/-/tags/2.4.1/",
    "search with results": "/search/?q=centos",
    "inventory": "/inventory/",
}
# Everything axe-core knows in the one theme; in the other only what colours can change.
FULL: Options = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
COLOURS: Options = {**FULL, "runOnly": ["color-contrast", "link-in-text-block"]}
THEMES: tuple[tuple[Literal["light", "dark"], Options], ...] = (("light", FULL), ("dark", COLOURS))


def faults_of(page: Page, *, widths: tuple[int, ...] = (1280, 390)) -> list[str]:
    """Return what axe-core and a ruler find, in each width and colour, without loading again.

    Of a single width only the light colours are looked at.
    """
    page.evaluate(Axe().axe_script)
    faults = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        scroll = page.evaluate("document.documentElement.scrollWidth")
        if scroll > width:
            faults.append(f"{width} px: scrolls sideways, {scroll} px wide")
        for colours, options in THEMES if len(widths) > 1 else THEMES[:1]:
            # Without motion: a colour on its way from one theme to the other has no contrast.
            page.emulate_media(color_scheme=colours, reduced_motion="reduce")
            found = page.evaluate("options => axe.run(options)", options)["violations"]
            faults += [f"{width} px, {colours}: {_words(each)}" for each in found]
    return faults


def _words(violation: Any) -> str:
    nodes = "; ".join(node["html"][:160] for node in violation["nodes"][:3])
    return f"{violation['impact']} {violation['id']} ({len(violation['nodes'])}): {nodes}"


@pytest.mark.parametrize("name", PAGES)
def test_is_open_to_everybody(page: Page, site: Site, watch: Watch, name: str) -> None:
    watch.expected.add(site.url + PAGES[name])
    page.goto(PAGES[name])

    assert faults_of(page) == []


@pytest.mark.parametrize("name", ["two images", "two indexes"])
def test_compares(page: Page, name: str) -> None:
    page.goto(PAGES[name])

    expect(page.get_by_role("navigation", name="What was added, removed")).to_be_visible()


@pytest.mark.parametrize("name", ["tag", "hostile texts"])
def test_is_open_to_everybody_when_unfolded(page: Page, name: str) -> None:
    page.goto(PAGES[name])
    page.evaluate("document.querySelectorAll('main details').forEach(each => each.open = true)")

    assert page.locator(".pull .menu").is_visible()
    assert faults_of(page) == []


@pytest.mark.parametrize("name", BY_DIGEST)
def test_is_open_to_everybody_by_digest(page: Page, name: str) -> None:
    address, link = BY_DIGEST[name]
    page.goto(address)
    page.goto(page.locator(link).first.get_attribute("href") or "")

    assert re.search("/-/manifests/sha256:[0-9a-f]{64}/", page.url)
    assert faults_of(page) == []


def test_is_open_to_everybody_without_registries(page: Page, unconfigured: str) -> None:
    page.goto(unconfigured)

    assert page.get_by_role("heading", name="There is no registry yet").is_visible()
    assert faults_of(page) == []


@pytest.mark.parametrize("name", LIGHT_ON_THE_LINE)
def test_weighs_little_at_the_first_visit(page: Page, name: str) -> None:
    requests: list[Request] = []
    page.on("requestfinished", lambda request: requests.append(request))  # noqa: PLW0108  Playwright takes no builtin

    page.goto(LIGHT_ON_THE_LINE[name], wait_until="networkidle")

    sizes = {each.url: each.sizes()["responseBodySize"] for each in requests}
    assert len(sizes) > 5
    assert sum(sizes.values()) <= MAX_FIRST_VISIT_BYTES, sizes
