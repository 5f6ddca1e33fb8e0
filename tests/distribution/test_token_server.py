from urllib.parse import parse_qsl

import httpx
import pytest

from registryui.distribution import errors
from tests.distribution.fakes import FakeTime, Recorder, challenge, client_of, complaint

TAGS = {"name": "a/b", "tags": ["1"]}
SCOPE = "repository:a/b:pull"


def registry(token_answer, *, scope=SCOPE, realm="https://auth.corp.example/token?keep=1"):
    """Answer tag lists to who has a bearer, and token requests by ``token_answer(request)``."""

    def handle(request):
        if request.url.host != "registry.corp.example":
            return token_answer(request)
        if not request.headers.get("authorization", "").startswith("Bearer "):
            return challenge(scope, realm=realm)
        return httpx.Response(200, json=TAGS)

    return Recorder(handle)


def token_requests(seen):
    return [request for request in seen.requests if request.url.host != "registry.corp.example"]


def test_asks_by_get_with_basic_credentials():
    seen = registry(lambda request: httpx.Response(200, json={"token": "t"}))

    client_of(seen, username="robot", password="pw").tags("a/b")

    request = token_requests(seen)[0]
    assert parse_qsl(request.url.query.decode()) == [
        ("keep", "1"),
        ("service", "registry"),
        ("scope", SCOPE),
        ("client_id", "registryui"),
        ("account", "robot"),
    ]
    assert request.headers["authorization"] == "Basic cm9ib3Q6cHc="
    assert seen.authorizations() == [None, "Bearer t"]


def test_asks_anonymously_without_credentials():
    seen = registry(
        lambda request: httpx.Response(200, json={"access_token": "a", "token": "t"}),
        realm="https://elsewhere.example/token",
    )

    client_of(seen).tags("a/b")

    assert "authorization" not in token_requests(seen)[0].headers
    assert seen.authorizations()[-1] == "Bearer a"


def test_sends_one_parameter_for_each_scope():
    seen = registry(
        lambda request: httpx.Response(200, json={"token": "t"}),
        scope="repository:c/d:pull repository:a/b:push,pull",
    )

    client_of(seen).tags("a/b")

    query = parse_qsl(token_requests(seen)[0].url.query.decode())
    assert [value for name, value in query if name == "scope"] == [
        "repository:a/b:pull,push",
        "repository:c/d:pull",
    ]


def test_does_not_send_the_password_to_a_stranger():
    seen = registry(
        lambda request: httpx.Response(200, json={"token": "t"}),
        realm="https://elsewhere.example/token",
    )

    with pytest.raises(errors.RegistryRefusedError, match=r"approve elsewhere\.example") as caught:
        client_of(seen, username="robot", password="pw").tags("a/b")

    assert caught.value.code == "REALM_NOT_APPROVED"
    assert token_requests(seen) == []


def test_sends_the_password_to_an_approved_stranger():
    seen = registry(
        lambda request: httpx.Response(200, json={"token": "t"}),
        realm="https://elsewhere.example/token",
    )
    approved = frozenset({"elsewhere.example"})

    client_of(seen, username="u", password="p", approved_realm_hosts=approved).tags("a/b")

    assert "authorization" in token_requests(seen)[0].headers


def test_asks_nothing_of_the_metadata_service():
    seen = registry(
        lambda request: httpx.Response(200, json={"token": "t"}),
        realm="https://169.254.169.254/token",
    )

    with pytest.raises(errors.RegistryRefusedError, match="inside our own network"):
        client_of(seen).tags("a/b")

    assert token_requests(seen) == []


def test_says_that_the_login_failed():
    seen = registry(lambda request: complaint(401, "UNAUTHORIZED"))
    client = client_of(seen, username="robot", password="wrong-password")

    for _ in range(2):
        with pytest.raises(errors.RegistryRefusedError, match="login at registry") as caught:
            client.tags("a/b")

    assert caught.value.code == "LOGIN_FAILED"
    assert "wrong-password" not in str(caught.value)
    assert len(token_requests(seen)) == 1


def test_says_that_a_login_is_wanted():
    seen = registry(lambda request: complaint(401, "UNAUTHORIZED"))

    with pytest.raises(errors.RegistryRefusedError, match=r"auth\.corp\.example wants a login"):
        client_of(seen).tags("a/b")


@pytest.mark.parametrize(
    ("scope", "asked"),
    [
        ("repository:a/b:delete,pull", ["repository:a/b:delete,pull", SCOPE]),
        ("registry:catalog:*", ["registry:catalog:*", None]),
        (SCOPE, [SCOPE]),
    ],
)
def test_asks_again_with_a_simpler_scope_when_the_first_is_not_understood(scope, asked):
    seen = registry(lambda request: complaint(400, "INVALID_REQUEST"), scope=scope)

    with pytest.raises(errors.UnsupportedError):
        client_of(seen).tags("a/b")

    assert [request.url.params.get("scope") for request in token_requests(seen)] == asked


def test_exchanges_an_identity_token_by_post():
    seen = registry(
        lambda request: httpx.Response(200, json={"access_token": "t"}),
        scope="repository:a/b:pull repository:c:pull",
    )

    client_of(seen, identity_token="identity").tags("a/b")

    request = token_requests(seen)[0]
    assert request.method == "POST"
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert dict(parse_qsl(request.content.decode())) == {
        "grant_type": "refresh_token",
        "refresh_token": "identity",
        "service": "registry",
        "client_id": "registryui",
        "scope": "repository:a/b:pull repository:c:pull",
    }


@pytest.mark.parametrize("status", [400, 401, 404, 405])
def test_falls_back_to_get_where_there_is_no_oauth2(status):
    def answer(request):
        if request.method == "POST":
            return httpx.Response(status)
        return httpx.Response(200, json={"token": "t"})

    seen = registry(answer)

    client_of(seen, username="u", identity_token="identity").tags("a/b")

    assert [request.method for request in token_requests(seen)] == ["POST", "GET"]
    assert seen.authorizations()[-1] == "Bearer t"


def test_does_not_fall_back_without_a_user_name():
    seen = registry(lambda request: httpx.Response(401))

    with pytest.raises(errors.RegistryRefusedError):
        client_of(seen, identity_token="identity").tags("a/b")

    assert [request.method for request in token_requests(seen)] == ["POST"]


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", b'{"token":5}', b'{"token":"two words"}', b'{"token":"a\\r\\nX: y"}', b"<"],
)
def test_refuses_an_answer_without_a_usable_token(body):
    seen = registry(lambda request: httpx.Response(200, content=body))

    with pytest.raises(errors.InvalidContentError, match="without a token") as caught:
        client_of(seen).tags("a/b")

    assert caught.value.code == "NO_TOKEN"


def test_refuses_an_endless_token():
    seen = registry(lambda request: httpx.Response(200, content=b"x" * (128 * 1024 + 1)))

    with pytest.raises(errors.InvalidContentError, match="larger"):
        client_of(seen).tags("a/b")


@pytest.mark.parametrize(
    ("fields", "good_for"),
    [
        ({}, 60),
        ({"expires_in": 5}, 60),
        ({"expires_in": "300"}, 60),
        ({"expires_in": True}, 60),
        ({"expires_in": 300}, 300),
        ({"expires_in": 10**9}, 24 * 3600),
        ({"expires_in": 300, "issued_at": "1970-01-12T13:46:30Z"}, 290),
        ({"expires_in": 300, "issued_at": "1970-01-12T13:46:30"}, 290),
        ({"expires_in": 300, "issued_at": "2999-01-01T00:00:00Z"}, 300),
        ({"expires_in": 300, "issued_at": "1970-01-01T00:00:01Z"}, 300),
        ({"expires_in": 300, "issued_at": "yesterday"}, 300),
        ({"expires_in": 300, "issued_at": "0001-01-01T00:00:00+23:59"}, 300),
        ({"expires_in": 300, "issued_at": 5}, 300),
    ],
)
def test_keeps_a_token_as_long_as_it_is_good(fields, good_for):
    time = FakeTime(wall=1_000_000)
    seen = registry(lambda request: httpx.Response(200, json={"token": "t", **fields}))
    client = client_of(seen, time=time)

    client.tags("a/b")
    time.now = good_for - 9
    client.tags("a/b")
    assert len(token_requests(seen)) == 1

    time.now = good_for - 7
    client.tags("a/b")
    assert len(token_requests(seen)) == 2


def test_treats_a_broken_token_server_as_temporary():
    seen = registry(lambda request: httpx.Response(503))

    with pytest.raises(errors.RegistryUnreachableError, match=r"auth\.corp\.example") as caught:
        client_of(seen).tags("a/b")

    assert caught.value.temporary
