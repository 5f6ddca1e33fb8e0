"""Markdown that people write becomes HTML that can do no harm."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registryui.catalog.markdown import as_html

ALLOWED = re.compile(
    r"</?(?:p|ul|ol|li|blockquote|em|strong|s|table|thead|tbody|tr|th|td|code|h[2-6])>|<br>|<hr>|</a>|"
    r'</pre>|<pre class="raw" tabindex="0">|'
    r'<a href="https?://[^"<>\s]+" rel="noopener noreferrer nofollow">'
)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# Nginx\n### Tags", "<h2>Nginx</h2><h3>Tags</h3>"),
        ("###### deep", "<h2>deep</h2>"),
        ("a **b** `c`", "<p>a <strong>b</strong> <code>c</code></p>"),
        ("* a\n* b", "<ul><li>a</li><li>b</li></ul>"),
        ("1. a", "<ol><li>a</li></ol>"),
        ("a  \nb", "<p>a<br>b</p>"),
        ("---", "<hr>"),
        ("~~old~~", "<p><s>old</s></p>"),
        ("> a", "<blockquote><p>a</p></blockquote>"),
        ("| a |\n|---|\n| b |", None),
        (
            "[a](https://a.example/?b&c)",
            '<p><a href="https://a.example/?b&amp;c" rel="noopener noreferrer nofollow">a</a></p>',
        ),
        (
            "![logo](https://a.example/l.png)",
            '<p><a href="https://a.example/l.png" rel="noopener noreferrer nofollow">logo</a></p>',
        ),
    ],
)
def test_shows_what_was_meant(text, html):
    assert html is None or as_html(text) == html
    assert "<" not in ALLOWED.sub("", as_html(text))


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "a <img src=x onerror=alert(1)> b",
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](data:text/html,x)",
        "[a](/sign-out)",
        '[a](https://a.example/"onmouseover="x)',
        "![a](javascript:alert(1))",
        "<https://a.example/<b>>",
        "```html\n</code></pre><script>\n```",
        "&lt;script&gt; &#60;b&#62;",
        "[<b>](https://a.example)",
        "> " * 1000 + "<b>",
        "\x00 \u202e",
    ],
)
def test_lets_nothing_else_through(text):
    assert not re.search("[<>]", ALLOWED.sub("", as_html(text)))


@given(st.text(alphabet="<>[]()!`*_#-|:/\\\"'&; \nabhttpsjv.1", max_size=200))
def test_lets_nothing_else_through_whatever_is_written(text):
    assert not re.search("[<>]", ALLOWED.sub("", as_html(text)))


def test_shows_direction_characters():
    assert "&lt;U+202E&gt;" in as_html("a\u202eb")
