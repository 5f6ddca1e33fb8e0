"""Docker's config.json and podman's auth.json, in all the ways they are written."""

import base64
import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registryui.distribution.credentials.auth_file import AuthFile, Server
from registryui.distribution.errors import CredentialsError

SERVER = Server("registry.example:5000", "registry.example:5000")
PLAIN = Server("registry.example", "registry.example:443")
HUB = Server("docker.io", "docker.io")


def auth(text):
    return {"auth": base64.b64encode(text.encode()).decode()}


def find(document, server=SERVER, repository=""):
    content = document if isinstance(document, bytes) else json.dumps(document).encode()
    return AuthFile(content, name="/run/secrets/config.json").find(server, repository)


@pytest.mark.parametrize(
    ("key", "server"),
    [
        ("registry.example:5000", SERVER),
        ("Registry.Example:5000", SERVER),
        ("https://registry.example:5000", SERVER),
        ("http://registry.example:5000", SERVER),
        ("https://registry.example:5000/v1/", SERVER),
        ("https://registry.example:5000/v2/", SERVER),
        ("registry.example:5000/v2/", SERVER),
        ("registry.example", PLAIN),
        ("registry.example:443", PLAIN),
        ("https://registry.example/artifactory", PLAIN),
        ("https://index.docker.io/v1/", HUB),
        ("docker.io", HUB),
        ("registry-1.docker.io", HUB),
    ],
)
def test_finds_a_registry_under_every_form_of_its_key(key, server):
    login = find({"auths": {"other.example": auth("x:y"), key: auth("reader:open-sesame")}}, server)

    assert (login.login.username, login.login.password) == ("reader", "open-sesame")
    assert login.login.where == "in /run/secrets/config.json"


@pytest.mark.parametrize(
    "key", ["registry.example", "registry.example:5001", "x-registry.example:5000", "", "://"]
)
def test_takes_no_other_key_for_the_registry(key):
    found = find({"auths": {key: auth("reader:open-sesame")}}).login

    assert not found
    assert "has no credentials for registry.example:5000. Sign in there" in found.advice


def test_prefers_the_plain_name():
    keys = ("https://registry.example:5000/v1/", "registry.example:5000")

    found = find({"auths": {key: auth(f"reader:{key}") for key in keys}})

    assert found.login.password == "registry.example:5000"


@pytest.mark.parametrize(
    ("entry", "kept"),
    [
        (auth("reader:a:b"), ("reader", "a:b", "", "")),
        (auth("reader:open-sesame\0\0"), ("reader", "open-sesame", "", "")),
        (auth("robot$team+ci:pässword"), ("robot$team+ci", "pässword", "", "")),
        ({"username": "reader", "password": "open"}, ("reader", "open", "", "")),
        ({**auth("reader:right"), "password": "wrong"}, ("reader", "right", "", "")),
        ({**auth("reader:"), "identitytoken": "identity"}, ("reader", "", "identity", "")),
        (auth('_json_key:{\n  "a": 1\n}'), ("_json_key", '{\n  "a": 1\n}', "", "")),
        ({"registrytoken": "given"}, ("", "", "", "given")),
    ],
)
def test_reads_every_form_of_a_value(entry, kept):
    login = find({"auths": {"registry.example:5000": entry}}).login

    assert (login.username, login.password, login.identity_token, login.registry_token) == kept


def test_prefers_the_most_specific_namespace():
    auths = {
        "registry.example:5000": auth("all:1"),
        "registry.example:5000/team": auth("team:1"),
        "registry.example:5000/team/app": auth("app:1"),
        "docker.io/library": auth("official:1"),
    }

    def user(repository, server=SERVER):
        return find({"auths": auths}, server, repository).login.username

    assert user("team/app") == "app"
    assert user("team/app/part") == "app"
    assert user("team/application") == "team"
    assert user("teams/app") == user("") == "all"
    assert user("library/nginx", HUB) == "official"


def test_says_that_only_a_namespace_has_credentials():
    found = find({"auths": {"registry.example:5000/team": auth("team:1")}}).login

    assert not found
    assert found.advice.endswith("without a namespace: podman login registry.example:5000.")


def test_asks_the_helper_of_the_host_before_the_one_for_all():
    document = {
        "auths": {"registry.example:5000": {}},
        "credsStore": "desktop",
        "credHelpers": {"https://registry.example:5000": "ecr-login", "other.example": "gcr"},
    }

    assert find(document).helper == "ecr-login"
    assert find({**document, "credHelpers": None}).helper == "desktop"
    assert find({"auths": {}}).helper == ""


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (b"", "the document is not JSON"),
        (b"\xff", "the document is not JSON"),
        (b"[]", "a JSON array, not an object"),
        (b"[" * 5000, "nested too deeply"),
        ({"auths": [1]}, "auths in .* is not a JSON object"),
        ({"credHelpers": "ecr"}, "credHelpers in .* is not a JSON object"),
        ({"auths": {"registry.example:5000": "x"}}, "is not a JSON object"),
        ({"auths": {"registry.example:5000": {"auth": "%%"}}}, "not Base64 of a text"),
        ({"auths": {"registry.example:5000": {"auth": "/w=="}}}, "not Base64 of a text"),
        ({"auths": {"registry.example:5000": auth("secret")}}, "without a colon"),
        ({"auths": {"registry.example:5000": auth("u:sec\nret")}}, "contains a line break"),
        ({"auths": {"registry.example:5000": auth(":secret")}}, "no user name"),
    ],
)
def test_says_what_is_wrong_with_a_file(document, words):
    with pytest.raises(CredentialsError, match=words) as caught:
        find(document)

    assert "/run/secrets/config.json" in str(caught.value)
    assert "secret" not in str(caught.value).replace("secrets", "")


def test_shows_no_tricks_of_a_key():
    entry = {"auths": {"https://registry.example:5000/\u202e\x1b[1m": {"auth": "%%"}}}

    with pytest.raises(CredentialsError) as caught:
        find(entry)

    assert "\u202e" not in str(caught.value)
    assert "\x1b" not in str(caught.value)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["auths", "credHelpers", "credsStore", "registry.example:5000", "auth"])
            | st.text(max_size=3),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)


@given(st.binary(max_size=50) | JUNK.map(lambda junk: json.dumps(junk).encode()))
def test_raises_nothing_but_our_error(content):
    with suppress(CredentialsError):
        found = AuthFile(content, name="config.json").find(SERVER, "team/app")
        assert isinstance(found.helper, str)
