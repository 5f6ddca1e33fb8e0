"""A site and a browser for all tests, and a watch that nothing goes wrong behind the pages."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

from tests.browser.site import Machine, Site, filled_site

QUIET = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--metrics-recording-only",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-features=Translate,OptimizationHints,MediaRouter",
)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start Debian's Chromium, which asks nobody for updates."""
    path = shutil.which("chromium")
    return {**browser_type_launch_args, "executable_path": path, "args": list(QUIET)}


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve the site that all tests look at."""
    with filled_site(tmp_path_factory.mktemp("site") / "data") as running:
        yield running


@pytest.fixture(scope="session")
def unconfigured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a site without any registry."""
    machine = Machine(tmp_path_factory.mktemp("bare") / "data", {})
    with machine.served() as url:
        yield url


@pytest.fixture(scope="session")
def base_url(site: Site) -> str:
    """Return where the addresses of the tests begin."""
    return site.url


@dataclass
class Watch:
    """Everything that went wrong in a browser; ``expected`` are addresses that may answer so."""

    faults: list[str] = field(default_factory=list)
    expected: set[str] = field(default_factory=set)

    def over(self, context: BrowserContext) -> None:
        """Watch all pages of a browser's context."""
        context.on("console", self._console)
        context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))
        context.on("requestfailed", self._failed)
        context.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and message.location["url"] not in self.expected:
            self.faults.append(f"console: {message.text} ({message.location['url']})")

    def _failed(self, request: Request) -> None:
        # A request that the page itself gives up, such as for a filter that was typed on.
        if request.failure != "net::ERR_ABORTED":
            self.faults.append(f"failed: {request.url} {request.failure}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.url not in self.expected:
            self.faults.append(f"{response.status}: {response.url}")


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Fail the test for any error on the console, in a script, of the policy, of a request."""
    watch = Watch()
    yield watch
    assert watch.faults == []


@pytest.fixture
def context(context: BrowserContext, watch: Watch) -> BrowserContext:
    """Return a watched context that may use the clipboard."""
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    context.set_default_timeout(5000)
    watch.over(context)
    return context


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """Return a page of it."""
    return context.new_page()


@pytest.fixture
def scriptless(new_context: Any, watch: Watch) -> Page:
    """Return a page of a browser with JavaScript off."""
    context: BrowserContext = new_context(java_script_enabled=False)
    context.set_default_timeout(5000)
    watch.over(context)
    return context.new_page()
