"""An administrator adds a registry in Chromium: it does not work, then it does."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Page, expect

from registryui.sample import builder
from registryui.sample.registry import SampleRegistry
from registryui.sample.serving import serve
from tests.browser.signing import sign_in
from tests.browser.site import Machine
from tests.browser.test_every_page import faults_of

pytestmark = pytest.mark.browser

PEOPLE = "from tests.people import make_people; make_people()"


@pytest.fixture(scope="module")
def registries() -> Iterator[dict[str, str]]:
    """Serve a registry that lets in who knows a password, and one that settings declare."""
    secret, declared = SampleRegistry(), SampleRegistry()
    builder.image(secret, "team/app", "1.0")
    secret.switches.auth = "basic"
    with ExitStack() as stack:
        yield {
            "secret": stack.enter_context(serve(secret)),
            "declared": stack.enter_context(serve(declared)),
        }


@pytest.fixture(scope="module")
def machine(registries: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """Return a site with people and one declared registry."""
    directory = tmp_path_factory.mktemp("adding") / "data"
    machine = Machine(
        directory, {"declared": registries["declared"]}, REGISTRYUI_ANONYMOUS_READ="0"
    )
    machine.manage("syncregistry", "declared")
    made = machine.manage("shell", "--command", PEOPLE)
    assert made.returncode == 0, made.stderr
    return machine


@pytest.fixture(scope="module")
def site_url(machine: Machine) -> Iterator[str]:
    """Serve it, with a worker."""
    with machine.served() as url, machine.worked():
        yield url


# Of each browser, so that pytest leaves it before the tests that look at what it adds.
@pytest.mark.usefixtures("browser_name")
@pytest.mark.parametrize("script", ["page", "scriptless"])
def test_adds_a_registry_that_did_not_work_at_first(
    request: pytest.FixtureRequest, site_url: str, registries: dict[str, str], script: str
) -> None:
    page: Page = request.getfixturevalue(script)
    name = f"with-{script}"
    page.goto(f"{site_url}/sign-in/?next=/")
    sign_in(page, "administrator", "administrator-password")
    page.get_by_role("link", name="Add a registry").click()
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Address", exact=True).fill(registries["secret"])
    page.get_by_label("User name", exact=True).fill("reader")
    page.get_by_label("Password", exact=True).fill("wrong-password")
    page.get_by_role("button", name="Test and save", exact=True).click()

    expect(page.get_by_text("Nothing was saved")).to_be_visible()
    login = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Login"))
    expect(login).to_contain_text("broken")
    assert "wrong-password" not in page.content()
    assert script == "scriptless" or faults_of(page) == []

    page.get_by_label("Password", exact=True).fill("open-sesame")
    page.get_by_role("button", name="Test again and save").click()

    page.wait_for_url(f"**/r/{name}/")
    _until_synced(page)
    page.get_by_role("link", name="Settings").click()
    expect(page.get_by_text("It stays as it is", exact=False).first).to_be_visible()
    assert "open-sesame" not in page.content()
    assert script == "scriptless" or faults_of(page) == []


def _until_synced(page: Page) -> None:
    for _ in range(50):
        if page.get_by_role("link", name="team/app").count():
            return
        page.wait_for_timeout(200)
        page.reload()
    expect(page.get_by_role("link", name="team/app")).to_be_visible()


@pytest.mark.parametrize(
    "path",
    [
        "/registries/add/",
        "/r/declared/-/settings/",
        "/r/with-page/-/settings/remove/",
        "/",
        "/repositories/",
    ],
)
def test_is_open_to_everybody(page: Page, site_url: str, path: str) -> None:
    page.goto(f"{site_url}/sign-in/?next={path}")
    sign_in(page, "administrator", "administrator-password")
    page.wait_for_url(f"**{path}")

    assert faults_of(page) == []


def test_removes_what_was_added(page: Page, site_url: str) -> None:
    page.goto(f"{site_url}/sign-in/?next=/r/with-page/-/settings/remove/")
    sign_in(page, "administrator", "administrator-password")
    page.get_by_role("button", name="Remove").click()

    page.wait_for_url(f"{site_url}/")
    expect(page.get_by_role("link", name="Settings")).to_have_count(0)
    expect(page.locator("table a[href='/r/with-page/']")).to_have_count(0)
