import pytest
from hypothesis import given
from hypothesis import strategies as st

from registryui.catalog.search.query import (
    MAX_TERMS,
    Label,
    SearchQuery,
    architecture_of,
    digest_prefixes,
    platform_of,
)

HEX = "ab12" * 16


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nginx", SearchQuery(words=("nginx",))),
        ("nginx  alpine", SearchQuery(words=("nginx", "alpine"))),
        ('"two words" one', SearchQuery(words=("two words", "one"))),
        ('an "unclosed quote', SearchQuery(words=("an", "unclosed quote"))),
        ("team/app", SearchQuery(words=("team/app",))),
        ("Nginx:Latest", SearchQuery(repository="nginx", tag="Latest")),
        ("nginx:", SearchQuery(repository="nginx")),
        (":1.27", SearchQuery(tag="1.27")),
        ("a:1 b:2", SearchQuery(words=("b:2",), repository="a", tag="1")),
        (":", SearchQuery(words=(":",))),
        ("sha256:AB12", SearchQuery(digests=("sha256:ab12",))),
        (f"sha256:{HEX}", SearchQuery(digests=(f"sha256:{HEX}",))),
        ("sha256:ab1", SearchQuery(repository="sha256", tag="ab1")),
        ("app@sha256:ab12", SearchQuery(words=("app",), digests=("sha256:ab12",))),
        (
            "app:1@sha256:ab12",
            SearchQuery(repository="app", tag="1", digests=("sha256:ab12",)),
        ),
        ("@sha256:ab12", SearchQuery(digests=("sha256:ab12",))),
        ("ab12cd", SearchQuery(words=("ab12cd",))),
        ("maintainer=me", SearchQuery(labels=(Label("maintainer", "me"),))),
        ("maintainer=", SearchQuery(labels=(Label("maintainer", ""),))),
        ("a=b=c", SearchQuery(labels=(Label("a", "b=c"),))),
        ("url=https://a.example/b:1", SearchQuery(labels=(Label("url", "https://a.example/b:1"),))),
        ('title="My app"', SearchQuery(labels=(Label("title", "My app"),))),
        ("=b", SearchQuery(words=("=b",))),
        ("linux/arm64", SearchQuery(platforms=("linux/arm64",))),
        ("linux/arm64/v8", SearchQuery(platforms=("linux/arm64",))),
        ("linux/app", SearchQuery(words=("linux/app",))),
        ("arm64", SearchQuery(words=("arm64",))),
        ("", SearchQuery()),
        ("  \t ", SearchQuery()),
        ("a\x00b", SearchQuery(words=("a", "b"))),
        ("\u202ea", SearchQuery(words=("a",))),
    ],
)
def test_reads_what_a_person_types(text, expected):
    assert SearchQuery.parse(text) == expected


HOSTS = {"registry.example:5000"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "registry.example:5000/team/app:1",
            SearchQuery(repository="team/app", tag="1", host="registry.example:5000"),
        ),
        (
            "Registry.example:5000/app",
            SearchQuery(words=("app",), host="registry.example:5000"),
        ),
        ("elsewhere.example/app", SearchQuery(words=("elsewhere.example/app",))),
        ("elsewhere.example:5000/app", SearchQuery(words=("elsewhere.example:5000/app",))),
        ("registry.example:5000/", SearchQuery(host="registry.example:5000")),
    ],
)
def test_understands_a_pasted_reference_to_a_known_registry(text, expected):
    assert SearchQuery.parse(text, hosts=HOSTS) == expected


@given(st.text(max_size=400))
def test_reads_anything(text):
    query = SearchQuery.parse(text)

    assert len(query.words) + len(query.labels) + len(query.digests) <= 2 * MAX_TERMS
    assert all(word and "\x00" not in word for word in query.words)


def test_knows_when_nothing_is_asked():
    assert SearchQuery.parse(" ").is_empty
    assert not SearchQuery.parse("a").is_empty


def test_marks_what_names_may_have():
    assert SearchQuery.parse("team app:1 key=value").marked == ("team", "app", "1")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("linux/amd64", "linux/amd64"),
        ("linux/x86_64", "linux/amd64"),
        ("linux/arm/v7", "linux/arm/v7"),
        ("windows/amd64", "windows/amd64"),
        ("linux/arm64/extra", ""),
        ("plan9/amd64", ""),
        ("amd64", ""),
    ],
)
def test_knows_platforms(text, expected):
    assert platform_of(text) == expected


@pytest.mark.parametrize(("word", "expected"), [("AArch64", "arm64"), ("arm", "arm"), ("army", "")])
def test_knows_architectures(word, expected):
    assert architecture_of(word) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("sha256:AB12", ("sha256:ab12",)),
        ("ab12", ("sha256:ab12", "sha512:ab12", "blake3:ab12")),
        ("a" * 65, ("sha512:" + "a" * 65,)),
        ("sha256:" + "a" * 65, ()),
        ("ab1", ()),
        ("nothex", ()),
    ],
)
def test_knows_beginnings_of_digests(word, expected):
    assert digest_prefixes(word) == expected
