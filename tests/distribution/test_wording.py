import pytest

from registryui.distribution.wording import printable, quotable

TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJyb2JvdCJ9.c2lnbmF0dXJl"
DIGEST = "sha256:" + "a" * 64


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("denied:  you\nmay\x00not", "denied: you may not"),
        ("right\u202eto left", "right to left"),
        ("see https://a.example/x?X-Amz-Signature=abc now", "see https://a.example/x?… now"),
        ("https://user:pw@a.example/x", "https://a.example/x"),
        ("sent Bearer abcdefghij", "sent Bearer …"),
        (f"token {TOKEN} expired", "token … expired"),
        (f"no such manifest {DIGEST}", f"no such manifest {DIGEST}"),
        ("user s3cret! unknown", "user … unknown"),
    ],
)
def test_quotes_without_secrets(text, shown):
    assert quotable(text, ["s3cret!"]) == shown


def test_cuts_long_texts():
    assert printable("a" * 50, 10) == "a" * 9 + "…"
    assert len(quotable("word " * 5000)) == 300
