"""A site and a browser for all tests, and a watch that nothing goes wrong behind the pages."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

from tests.browser.signing import go_and_sign_in
from tests.browser.site import Machine, Site, filled_site

PEOPLE = "from tests.people import make_people; make_people('platform/*')"
TESTED = """
from django.utils import timezone
from registryui.catalog.models import Registry
Registry.objects.filter(slug="sample").update(deletes_tags=True, deletes_digests=True,
    accepts_pushes=True, deletion_words="It deletes.", deletion_tested_at=timezone.now())
"""
WATCHED = """
from django.utils import timezone
from registryui.catalog.models import Registry, Repository
from registryui.sync.watching import discover, watch
empty = Registry.objects.get(slug="empty")
watch(empty, ["team/app", "team/none", "team/refused", "base/*"], by="ann", now=timezone.now())
Registry.objects.filter(pk=empty.pk).update(has_catalog=False)
discover(Registry.objects.get(pk=empty.pk), "base/pushed", now=timezone.now())
for name, error in (("team/none", ""), ("team/refused", "It does not let us pull.")):
    Repository.objects.create(registry=empty, name=name, state="EMPTY", last_error=error,
        found_by="WATCHED", first_seen_at=timezone.now(), refreshed_at=timezone.now())
"""
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


@pytest.fixture(scope="session")
def peopled(site: Site) -> Site:
    """Return the site with people, and a registry that was tested."""
    for command in (PEOPLE, TESTED, WATCHED):
        done = site.machine.manage("shell", "--command", command)
        assert done.returncode == 0, done.stderr
    return site


@pytest.fixture(scope="session")
def signed_in(browser: Browser, peopled: Site) -> Any:
    """Return the cookies of an administrator, who signs in once: more often is slowed down."""
    context = browser.new_context(base_url=peopled.url)
    go_and_sign_in(context.new_page(), "administrator")
    cookies = context.cookies()
    context.close()
    return cookies


@pytest.fixture
def administrator(page: Page, signed_in: Any) -> Page:
    """Return the page of an administrator."""
    page.context.add_cookies(signed_in)
    return page
