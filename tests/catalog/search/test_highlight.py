import pytest
from django.utils.safestring import SafeString

from registryui.catalog.templatetags.highlight import highlight


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("library/nginx", ("nginx",), "library/<mark>nginx</mark>"),
        ("Latest", ("latest",), "<mark>Latest</mark>"),
        ("app-server app", ("app", "app-server"), "<mark>app-server</mark> <mark>app</mark>"),
        ("a.b axb", ("a.b",), "<mark>a.b</mark> axb"),
        ("plain", (), "plain"),
        ("plain", ("",), "plain"),
        ("<b>&", ("b",), "&lt;<mark>b</mark>&gt;&amp;"),
        ("<script>", ("<script>",), "<mark>&lt;script&gt;</mark>"),
        ("a & b", ("amp",), "a &amp; b"),
    ],
)
def test_marks_words_and_escapes_everything(text, words, expected):
    marked = highlight(text, words)

    assert marked == expected
    assert isinstance(marked, SafeString)
