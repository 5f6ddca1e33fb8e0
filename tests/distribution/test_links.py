import pytest
from hypothesis import given
from hypothesis import strategies as st

from registryui.distribution.links import next_query


@pytest.mark.parametrize(
    ("lines", "query"),
    [
        (['</v2/_catalog?last=abc%2Fdef&n=2>; rel="next"'], "last=abc%2Fdef&n=2"),
        (["</v2/_catalog?last=a&n=2>; rel=next"], "last=a&n=2"),
        (['<https://evil.example/steal?n=1>; rel="next"'], "n=1"),
        (['<?next_page=gAAAA%3D%3D>; rel="next"'], "next_page=gAAAA%3D%3D"),
        (['</a?x=1>; rel="prev", </a?x=2>; title="a, b"; rel="last next"'], "x=2"),
        (['</a?x=1>; rel="first"', '</a?x=2>; REL="NEXT"'], "x=2"),
        (['</a?q="ü b">; rel=next'], "q=%22%C3%BC%20b%22"),
        (["</a>; rel=next"], ""),
        (["</a?x=1>"], ""),
        (['</a?x=1>; rel="prev"'], ""),
        (["<http://[broken?x=1>; rel=next"], ""),
        ([f"</a?x={'1' * 5000}>; rel=next"], ""),
        (["junk"], ""),
        ([], ""),
    ],
)
def test_takes_only_the_query_of_the_next_page(lines, query):
    assert next_query(lines) == query


@given(st.text(max_size=300))
def test_never_fails_on_junk(line):
    assert next_query([line]).isascii()
