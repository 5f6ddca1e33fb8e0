import pytest

from registryui.distribution.origins import InvalidUrlError, Origin, origin_of, resolve_against


@pytest.mark.parametrize(
    ("url", "origin", "text"),
    [
        ("https://A.example/x", Origin("https", "a.example", 443), "https://a.example"),
        ("https://a.example.:443", Origin("https", "a.example", 443), "https://a.example"),
        ("http://a.example:5000/", Origin("http", "a.example", 5000), "http://a.example:5000"),
        ("http://[::1]:80", Origin("http", "::1", 80), "http://[::1]"),
    ],
)
def test_normalises_host_and_port(url, origin, text):
    assert origin_of(url) == origin
    assert str(origin) == text


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.example",
        "//a.example",
        "https://",
        "https://user:secret@a.example",
        "https://a.example:99999",
        "https://a.example:x",
        "https://[broken",
        "https://\u2460\u2461\u2466.0.0.1/",
        "https://a.example/\nx",
        "https://a.example\\@b.example",
        "",
    ],
)
def test_refuses_what_is_no_plain_url(url):
    with pytest.raises(InvalidUrlError) as caught:
        origin_of(url)

    assert "secret" not in str(caught.value)


def test_resolves_a_location_and_drops_its_fragment():
    assert resolve_against("https://a.example/v2/x", "/y?z=1#f") == "https://a.example/y?z=1"


def test_refuses_a_location_with_line_breaks():
    with pytest.raises(InvalidUrlError):
        resolve_against("https://a.example/", "/x\r\nHost: b")
