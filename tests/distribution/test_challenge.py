import pytest
from hypothesis import given
from hypothesis import strategies as st

from registryui.distribution.challenge import Challenge, parse_challenges

HUB = (
    'Bearer realm="https://auth.hub.example/token",service="registry.hub.example",'
    'scope="repository:a/b:pull,push"'
)
TWO_IN_A_LINE = (
    'Bearer realm="https://git.example/v2/token",service="container_registry",scope="*",'
    'Basic realm="https://git.example/v2",service="container_registry",scope="*"'
)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            [HUB],
            [
                Challenge(
                    "bearer",
                    "https://auth.hub.example/token",
                    "registry.hub.example",
                    "repository:a/b:pull,push",
                )
            ],
        ),
        (
            [
                r'Bearer realm="http://127.0.0.1:9/token",service="my \"svc\"",'
                r'scope="registry:catalog:*",error="invalid_token"'
            ],
            [
                Challenge(
                    "bearer",
                    "http://127.0.0.1:9/token",
                    'my "svc"',
                    "registry:catalog:*",
                    "invalid_token",
                )
            ],
        ),
        (
            ['Bearer realm="r",scope="repository:a/b:pull,push repository:c/d:pull"'],
            [Challenge("bearer", "r", "", "repository:a/b:pull,push repository:c/d:pull")],
        ),
        (["basic realm=zot"], [Challenge("basic", "zot")]),
        (["bearer realm=zot"], [Challenge("bearer", "zot")]),
        (
            ['Bearer realm="https://git.example/v2/token"', "Basic"],
            [Challenge("bearer", "https://git.example/v2/token"), Challenge("basic")],
        ),
        (
            [TWO_IN_A_LINE],
            [
                Challenge("bearer", "https://git.example/v2/token", "container_registry", "*"),
                Challenge("basic", "https://git.example/v2", "container_registry", "*"),
            ],
        ),
        (
            ['Basic realm="https://1.dkr.cloud.example/",service="cloud.example"'],
            [Challenge("basic", "https://1.dkr.cloud.example/", "cloud.example")],
        ),
        (["Negotiate", 'Basic realm="x"'], [Challenge("negotiate"), Challenge("basic", "x")]),
        (["Negotiate YIIabc==, Basic"], [Challenge("negotiate"), Challenge("basic")]),
        (["Basic, Bearer realm=r"], [Challenge("basic"), Challenge("bearer", "r")]),
        (['BEARER REALM = "r" , Service=s'], [Challenge("bearer", "r", "s")]),
        (['Bearer realm="a",realm="b"'], [Challenge("bearer", "a")]),
        (['Bearer realm="never closed'], [Challenge("bearer")]),
        (['realm="without a scheme"'], []),
        ([""], []),
        ([], []),
        ([", ,"], []),
        (["\x00"], []),
    ],
)
def test_reads_what_registries_send(lines, expected):
    assert list(parse_challenges(lines)) == expected


@given(st.lists(st.text(max_size=200), max_size=5))
def test_never_fails_on_junk(lines):
    for found in parse_challenges(lines):
        assert found.scheme == found.scheme.lower()
