"""How sizes, times and texts are shown."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.template import Context
from django.test import RequestFactory
from django.utils import translation

from registryui.web.templatetags import show

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("size_bytes", "text"),
    [
        (None, "–"),
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 KiB"),
        (1023, "1.0 KiB"),
        (1024, "1.0 KiB"),
        (51 * 1024 * 1024 + 209_715, "51.2 MiB"),
        (104_857_600, "100 MiB"),
        (1023 * 1024, "1.0 MiB"),
        (2**53, "8.0 PiB"),
        (2**63, "8192 PiB"),
    ],
)
def test_shows_a_size_in_binary_units(size_bytes, text):
    assert show.size(size_bytes) == text


@pytest.mark.parametrize(
    ("smallest", "largest", "text"),
    [
        (1024, 1024, "1.0 KiB"),
        (1024, 2048, "1.0 – 2.0 KiB"),
        (512, 2048, "512 B – 2.0 KiB"),
    ],
)
def test_says_a_unit_once(smallest, largest, text):
    assert show.size_range(smallest, largest) == text


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=0), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=59), "59 minutes ago"),
        (timedelta(hours=3), "3 hours ago"),
        (timedelta(days=1), "1 day ago"),
        (timedelta(days=13), "13 days ago"),
        (timedelta(days=42), "12 Oct"),
        (timedelta(days=400), "19 Oct 2025"),
        (timedelta(minutes=-3), "just now"),
        (timedelta(days=-3), "26 Nov 2026"),
    ],
)
def test_says_how_long_ago_something_was(age, words):
    with time_machine.travel(NOW, tick=False):
        html = show.ago(NOW - age)

    assert f">{words}</time>" in html


def test_gives_the_exact_time_as_a_title():
    with time_machine.travel(NOW, tick=False):
        assert 'title="2026-11-23 11:00:00 UTC"' in show.ago(NOW - timedelta(hours=1))


def test_says_that_a_time_is_missing():
    assert "no date" in show.ago(None, "no date")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain ä ✓", "plain ä ✓"),
        ("a\u202eb", "a<U+202E>b"),
        ("a\x1bb", "a<U+001B>b"),
        ("a\u200bb", "a<U+200B>b"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
    ],
)
def test_makes_invisible_characters_visible(text, shown):
    assert show.visible(text) == shown


def test_counts_in_words():
    assert show.count_of(1, "tag") == "1 tag"
    assert show.count_of(1200, "repository,repositories") == "1,200 repositories"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.44, "0.4 s"), (59, "59 s"), (119, "119 s"), (300, "5 min"), (7200, "2 hours")],
)
def test_says_how_long_something_takes(seconds, words):
    assert show.duration(seconds) == words


def test_says_when_something_is_due():
    with time_machine.travel(NOW, tick=False):
        assert "in 5 min" in show.until(NOW + timedelta(minutes=5))
        assert 'title="2026-11-23 12:05:00 UTC"' in show.until(NOW + timedelta(minutes=5))
        assert show.until(NOW) == "soon"
        assert show.until(None) == "soon"


@pytest.mark.parametrize(
    ("path", "name", "mark"),
    [
        ("/", "registry-list", ' aria-current="page"'),
        ("/r/sample/library/nginx/", "registry-list", ' aria-current="true"'),
        ("/inventory/", "registry-list", ""),
        ("/inventory/", "inventory", ' aria-current="page"'),
        ("/inventory/summary/", "inventory", ' aria-current="true"'),
        ("/audit/", "inventory", ""),
    ],
)
def test_marks_the_part_of_the_site_that_a_page_is_in(path, name, mark):
    context = Context({"request": RequestFactory().get(path)})

    assert show.here(context, name) == mark


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=0), "刚刚"),
        (timedelta(minutes=3), "3 分钟前"),
        (timedelta(hours=1), "1 小时前"),
        (timedelta(days=13), "13 天前"),
        (timedelta(days=42), "10月12日"),
        (timedelta(days=400), "2025年10月19日"),
        (timedelta(days=-3), "2026年11月26日"),
    ],
)
def test_says_a_time_in_chinese(age, words):
    with time_machine.travel(NOW, tick=False), translation.override("zh-hans"):
        assert f">{words}</time>" in show.ago(NOW - age)


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 个标签"), (1, "1 个标签"), (1204, "1,204 个标签")]
)
def test_counts_in_chinese(count, words):
    with translation.override("zh-hans"):
        assert show.count_of(count, "tag") == words


def test_says_how_long_something_lasts_in_chinese():
    with time_machine.travel(NOW, tick=False), translation.override("zh-hans"):
        assert ">4 分钟后</time>" in show.until(NOW + timedelta(minutes=4))
        assert show.duration(0.4) == "0.4 秒"
        assert show.exact_bytes(53_687_091) == "53,687,091 字节，压缩后"
