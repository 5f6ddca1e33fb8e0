"""The files of an image in Chromium, as an administrator reads them."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from registryui.sample import builder
from registryui.sample.registry import SampleRegistry
from registryui.sample.serving import serve
from tests.browser.conftest import Watch
from tests.browser.site import Machine
from tests.browser.test_doctor import SIGN_IN
from tests.browser.test_every_page import faults_of

pytestmark = pytest.mark.browser

NAME = "library/app"


def pushed() -> tuple[SampleRegistry, str]:
    """Return a registry with one image, and the image's digest."""
    sample = SampleRegistry()
    lower = builder.layer({"etc/": b"", "etc/ssl/": b"", "etc/ssl/conf": b"a <b>text</b>\n"})
    upper = builder.layer({"etc/.wh.ssl": b"", "app/run": bytes(range(256))}, "COPY app /app")
    return sample, str(builder.image(sample, NAME, "v1", layers=[lower, upper]))


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Serve a site with that image, and a worker; give the image's address and a session."""
    with ExitStack() as stack:
        sample, digest = pushed()
        address = stack.enter_context(serve(sample))
        machine = Machine(tmp_path_factory.mktemp("library") / "data", {"sample": address})
        done = machine.manage("shell", "--command", SIGN_IN)
        assert done.returncode == 0, done.stderr
        assert machine.manage("syncregistry", "sample").returncode == 0
        stack.enter_context(machine.worked())
        url = stack.enter_context(machine.served())
        session = done.stdout.split("session ")[1].split()[0]
        yield f"{url}/r/sample/{NAME}/-/manifests/{digest}/", session


@pytest.fixture
def reader(new_context: Any, watch: Watch, library: tuple[str, str]) -> Page:
    """Return a page of an administrator's browser."""
    address, session = library
    context = new_context()
    url = address.partition("/r/")[0]
    context.add_cookies([{"name": "sessionid", "value": session, "url": url}])
    context.set_default_timeout(15000)
    watch.over(context)
    page: Page = context.new_page()
    return page


def read(reader: Page, address: str) -> None:
    """Have the layers read, if nobody has."""
    reader.goto(f"{address}files/")
    if reader.get_by_role("button", name="Read the layers").count():
        reader.get_by_role("button", name="Read the layers").click()
    expect(reader.locator("summary", has_text="app/")).to_be_visible(timeout=30000)


def test_reads_the_layers_and_shows_the_tree(reader: Page, library: tuple[str, str]) -> None:
    reader.goto(f"{library[0]}files/")
    assert faults_of(reader) == []

    read(reader, library[0])

    assert faults_of(reader) == []


def test_opens_directories_in_place(reader: Page, library: tuple[str, str]) -> None:
    read(reader, library[0])

    reader.locator("summary", has_text="app/").click(position={"x": 400, "y": 8})

    expect(reader.get_by_role("link", name="run")).to_be_visible()
    expect(reader.get_by_role("link", name="This directory alone")).to_be_visible()
    assert faults_of(reader) == []


def test_finds_what_was_deleted_and_opens_it(reader: Page, library: tuple[str, str]) -> None:
    read(reader, library[0])

    reader.get_by_label("Which files").select_option("deleted")
    reader.get_by_role("link", name="etc/ssl/conf").click()

    expect(reader.get_by_text("a <b>text</b>")).to_be_visible()
    assert faults_of(reader) == []


def test_shows_what_is_no_text_and_what_is_wasted(reader: Page, library: tuple[str, str]) -> None:
    read(reader, library[0])

    reader.goto(f"{library[0]}files/open/?path=app/run")
    expect(reader.get_by_text("This is no text")).to_be_visible()
    assert faults_of(reader) == []
    reader.goto(f"{library[0]}files/waste/")
    expect(reader.get_by_role("link", name="etc/ssl")).to_be_visible()
    assert faults_of(reader) == []


def test_works_without_scripts(new_context: Any, library: tuple[str, str], reader: Page) -> None:
    read(reader, library[0])
    context = new_context(java_script_enabled=False)
    context.add_cookies(reader.context.cookies())
    page = context.new_page()

    page.goto(f"{library[0]}files/")
    page.locator("summary", has_text="app/").click()
    page.get_by_role("link", name="Open this directory").click()
    page.get_by_role("link", name="run").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("run")
