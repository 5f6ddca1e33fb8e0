"""What a crawl shows on the command line."""

import io

import pytest
from rich.console import Console

from registryui.catalog.models import Registry
from registryui.sync import display
from registryui.sync.display import progress_display, summary
from registryui.sync.progress import CrawlResult, Progress

REGISTRY = Registry(slug="main", client_host="registry.example")
HALF = Progress(done=1200, total=2400, is_total_known=False, tags=9, failures=0, requests=5000)


def test_writes_plain_lines_to_a_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(display, "LINE_SECONDS", 0)
    stream = io.StringIO()

    with progress_display(REGISTRY, stream) as report:
        report(HALF)

    assert stream.getvalue().startswith("registry.example: 1,200 of 2,400 or more repositories, ")
    assert stream.getvalue().endswith(" requests/s\n")


def test_writes_no_line_for_every_step() -> None:
    stream = io.StringIO()

    with progress_display(REGISTRY, stream) as report:
        report(HALF)

    assert stream.getvalue() == ""


def test_draws_a_bar_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    terminal = Console(file=stream, force_terminal=True, width=120)
    monkeypatch.setattr(display, "Console", lambda file: terminal)

    with progress_display(REGISTRY, stream) as report:
        report(HALF)

    assert "registry.example" in stream.getvalue()
    assert "repositories" in stream.getvalue()


def test_sums_up_in_one_line() -> None:
    result = CrawlResult(
        repositories=2400, tags=9, new_manifests=7, failures=2, requests=31, seconds=1.25
    )

    assert summary(REGISTRY, result) == (
        "registry.example: 2,400 repositories, 2 with something unreadable, 9 tags, "
        "7 new manifests; 31 requests in 1.2 s."
    )
