"""A page that is open shows what happens in the registry, without being loaded again."""

import time
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Page, Request, expect

from registryui.sample import builder
from registryui.sample.registry import SampleRegistry
from registryui.sample.serving import serve
from tests.browser.site import Machine, Site, notify
from tests.real.processes import eventually

pytestmark = pytest.mark.browser

NAME = "team/app"
TAGS = "/r/sample/platform/api/"
# What the page promises; one of several pushes must keep it on a machine that is busy with tests.
PROMISE_SECONDS = 2.0


@pytest.fixture(scope="module")
def living(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve a site with a worker, and a registry whose repository it has read."""
    sample = SampleRegistry()
    builder.image(sample, NAME, "1.0")
    with serve(sample) as registry:
        machine = Machine(tmp_path_factory.mktemp("living") / "data", {"sample": registry})
        with machine.served() as url, machine.worked():
            address = f"{url}/r/sample/{NAME}/?format=json"
            assert eventually(lambda: httpx.get(address).json().get("tag_count"))
            yield Site(url, sample, machine)


def test_shows_a_push_within_two_seconds(page: Page, living: Site) -> None:
    page.goto(f"{living.url}/r/sample/{NAME}/")
    heading = page.locator("h1").element_handle()
    waited = []

    for number in range(2, 6):
        tag = f"{number}.0"
        builder.image(living.sample, NAME, tag, layers=number)
        started = time.monotonic()
        notify(
            living.url, {"id": tag, "action": "push", "target": {"repository": NAME, "tag": tag}}
        )
        expect(page.get_by_role("link", name=tag, exact=True)).to_be_visible(timeout=15_000)
        waited.append(time.monotonic() - started)

    assert min(waited) < PROMISE_SECONDS, waited
    assert heading.is_visible()  # the page is the one that was opened
    expect(page.locator("#repository-facts")).to_contain_text("5 tags")


def test_takes_a_deleted_tag_away(page: Page, living: Site) -> None:
    builder.image(living.sample, NAME, "rc1", layers=9)
    notify(living.url, {"id": "a", "action": "push", "target": {"repository": NAME, "tag": "rc1"}})
    page.goto(f"{living.url}/r/sample/{NAME}/")
    tag = page.get_by_role("link", name="rc1", exact=True)
    expect(tag).to_be_visible(timeout=15_000)
    living.sample.store.open(NAME).untag("rc1")

    notify(
        living.url, {"id": "b", "action": "delete", "target": {"repository": NAME, "tag": "rc1"}}
    )

    expect(tag).to_have_count(0, timeout=15_000)


def stamps_asked(page: Page, seconds: float) -> int:
    """Count how often an open page asks whether it is old."""
    asked: list[Request] = []
    page.on("request", lambda each: asked.append(each) if "/-/stamp/" in each.url else None)
    page.goto(TAGS)
    page.wait_for_timeout(seconds * 1000)
    return len(asked)


def test_asks_once_a_second(page: Page) -> None:
    assert 1 <= stamps_asked(page, 3.5) <= 4


def test_asks_nothing_while_nobody_sees_it(page: Page) -> None:
    page.add_init_script("Object.defineProperty(document, 'hidden', { get: () => true })")

    assert stamps_asked(page, 2.5) == 0
