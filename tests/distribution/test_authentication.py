import itertools

import httpx
import pytest

from registryui.distribution import errors
from tests.distribution.fakes import REALM, Recorder, challenge, client_of

BASIC = "Basic dTpw"


def tags_of(request):
    return httpx.Response(200, json={"tags": ["1"]})


def token_for(request):
    return httpx.Response(200, json={"token": f"for {request.url.params.get('scope')}".split()[-1]})


def bearer_registry(scope_of, *, accepts=lambda request, token: True):
    def handle(request):
        if request.url.host == "auth.corp.example":
            return token_for(request)
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token and accepts(request, token):
            is_catalog = "_catalog" in request.url.path
            return httpx.Response(200, json={"repositories" if is_catalog else "tags": []})
        return challenge(scope_of(request))

    return Recorder(handle)


def own_scope(request):
    if "_catalog" in request.url.path:
        return "registry:catalog:*"
    return f"repository:{request.url.path.removeprefix('/v2/').rpartition('/tags/')[0]}:pull"


def test_fetches_the_next_repositorys_token_before_being_refused():
    seen = bearer_registry(own_scope)
    client = client_of(seen)

    client.tags("a")
    client.tags("b")

    assert seen.authorizations() == [None, "Bearer repository:a:pull", "Bearer repository:b:pull"]


def test_uses_one_token_where_the_scope_is_always_the_same():
    seen = bearer_registry(lambda request: "*")
    client = client_of(seen)

    client.tags("a")
    client.tags("b")

    assert seen.authorizations() == [None, "Bearer *", "Bearer *"]


def test_does_not_guess_where_the_scope_is_spelled_differently():
    seen = bearer_registry(lambda request: own_scope(request) + ",push")
    client = client_of(seen)

    client.tags("a")
    client.tags("b")
    client.tags("a")

    assert seen.authorizations() == [
        None,
        "Bearer repository:a:pull,push",
        None,
        "Bearer repository:b:pull,push",
        "Bearer repository:a:pull,push",
    ]


def test_remembers_only_so_many_odd_scopes(monkeypatch):
    monkeypatch.setattr("registryui.distribution.authentication.MAX_EXCEPTIONS", 1)
    seen = bearer_registry(lambda request: own_scope(request) + ",push")
    client = client_of(seen)

    for name in ("a", "b", "a"):
        client.tags(name)

    assert seen.authorizations().count(None) == 3


def test_uses_its_own_scope_when_the_challenge_has_none():
    seen = bearer_registry(lambda request: "")

    client_of(seen).tags("a")

    assert seen.authorizations() == [None, "Bearer repository:a:pull"]


def test_answers_a_silent_refusal_with_the_challenge_of_the_ping():
    def handle(request):
        if request.url.host == "auth.corp.example":
            return token_for(request)
        if "authorization" in request.headers:
            return tags_of(request)
        return challenge() if request.url.path == "/v2/" else httpx.Response(401)

    seen = Recorder(handle)
    client = client_of(seen, username="u", password="p")

    client.ping()
    client.tags("a")

    assert seen.authorizations()[-1] == "Bearer repository:a:pull"


def test_gives_up_on_a_silent_refusal_it_knows_nothing_about():
    seen = Recorder(lambda request: httpx.Response(401))

    with pytest.raises(errors.RegistryRefusedError):
        client_of(seen, username="u", password="p").tags("a")

    assert [request.url.path for request in seen.requests] == ["/v2/a/tags/list", "/v2/"]


@pytest.mark.parametrize("scheme", ["Basic", "Bearer"])
def test_asks_for_the_challenge_of_the_ping_where_a_refusal_is_silent(scheme):
    def handle(request):
        if request.url.host == "auth.corp.example":
            return token_for(request)
        if request.headers.get("authorization") in (BASIC, "Bearer repository:a:pull"):
            return tags_of(request)
        return challenge(scheme=scheme) if request.url.path == "/v2/" else httpx.Response(401)

    seen = Recorder(handle)

    assert client_of(seen, username="u", password="p").tags("a").names == ("1",)


def test_answers_a_silent_refusal_with_basic_where_the_ping_wanted_that():
    def handle(request):
        if request.headers.get("authorization") == BASIC:
            return tags_of(request)
        if request.url.path == "/v2/":
            return challenge(scheme="Basic")
        return httpx.Response(401)

    seen = Recorder(handle)
    client = client_of(seen, username="u", password="p")

    client.ping()
    client.tags("a")

    assert seen.authorizations() == [None, BASIC, None, BASIC]


def test_replaces_a_token_the_registry_calls_invalid():
    answers = iter([True, False, True])
    seen = bearer_registry(own_scope, accepts=lambda request, token: next(answers))
    client = client_of(seen)

    client.tags("a")
    client.tags("a")

    assert len(seen.requests) == 6
    assert seen.authorizations() == [None, *["Bearer repository:a:pull"] * 3]


def test_asks_for_a_token_only_once_a_request():
    seen = bearer_registry(own_scope, accepts=lambda request, token: False)

    with pytest.raises(errors.RegistryRefusedError):
        client_of(seen).tags("a")

    assert len(seen.requests) == 3


def test_widens_an_insufficient_scope_once():
    def handle(request):
        if request.url.host == "auth.corp.example":
            return token_for(request)
        token = request.headers.get("authorization", "")
        if "audit" in token:
            return tags_of(request)
        if token:
            return httpx.Response(
                403, headers=challenge("repository:a:audit", error="insufficient_scope").headers
            )
        return challenge("repository:a:pull")

    seen = Recorder(handle)

    client_of(seen).tags("a")

    assert seen.authorizations()[-1] == "Bearer repository:a:audit,pull"


def test_never_goes_in_circles():
    def handle(request):
        if request.url.host == "auth.corp.example":
            return token_for(request)
        return challenge(f"repository:a:x{next(numbers)}", error="insufficient_scope")

    numbers = itertools.count()
    seen = Recorder(handle)

    with pytest.raises(errors.RegistryRefusedError):
        client_of(seen).tags("a")

    assert len(seen.authorizations()) == 4


def test_takes_a_plain_403_for_an_answer():
    seen = Recorder(lambda request: httpx.Response(403))

    with pytest.raises(errors.RegistryRefusedError, match="does not allow"):
        client_of(seen, username="u", password="p").tags("a")

    assert len(seen.requests) == 1


def test_speaks_bearer_and_basic_to_one_registry():
    """Harbor: Bearer for repositories, Basic for the catalog."""

    def handle(request):
        if request.url.host == "auth.corp.example":
            return token_for(request)
        authorization = request.headers.get("authorization", "")
        if "_catalog" in request.url.path:
            is_in = authorization == BASIC
            body = httpx.Response(200, json={"repositories": ["a"]})
            return body if is_in else challenge(realm="harbor", scheme="Basic")
        return tags_of(request) if "Bearer" in authorization else challenge(own_scope(request))

    seen = Recorder(handle)
    client = client_of(seen, username="u", password="p")

    for _ in range(2):
        client.catalog()
        client.tags("a")

    assert seen.authorizations() == [
        None,
        BASIC,
        None,
        "Bearer repository:a:pull",
        BASIC,
        "Bearer repository:a:pull",
    ]


def harbor_refusing_bearer(request):
    if request.url.host == "auth.corp.example":
        return token_for(request)
    authorization = request.headers.get("authorization", "")
    if authorization == BASIC:
        return tags_of(request)
    return challenge(realm="harbor", scheme="Basic") if authorization else challenge()


def test_tries_basic_once_after_a_refused_bearer():
    seen = Recorder(harbor_refusing_bearer)
    client = client_of(seen, username="u", password="p")

    client.tags("a")
    client.tags("a")

    assert seen.authorizations() == [None, "Bearer repository:a:pull", BASIC, BASIC]


def test_does_not_try_basic_without_a_password():
    seen = Recorder(harbor_refusing_bearer)

    with pytest.raises(errors.RegistryRefusedError):
        client_of(seen).tags("a")

    assert seen.authorizations() == [None, "Bearer repository:a:pull"]


def test_sends_a_wrong_password_once():
    seen = Recorder(lambda request: challenge(scheme="Basic"))

    with pytest.raises(errors.RegistryRefusedError, match="login is wrong"):
        client_of(seen, username="u", password="p").tags("a")

    assert seen.authorizations() == [None, BASIC]


def test_chooses_the_challenge_it_can_answer():
    def handle(request):
        if request.headers.get("authorization") == BASIC:
            return tags_of(request)
        lines = [("www-authenticate", "Negotiate"), ("www-authenticate", "Bearer realm=zot, Basic")]
        return httpx.Response(401, headers=lines)

    seen = Recorder(handle)

    client_of(seen, username="u", password="p").tags("a")

    assert seen.authorizations() == [None, BASIC]


def test_accepts_the_invitation_of_an_open_ping():
    headers = {"www-authenticate": "basic realm=zot"}
    seen = Recorder(lambda request: httpx.Response(200, json={"tags": []}, headers=headers))
    client = client_of(seen, username="u", password="p")

    client.ping()
    client.tags("a")

    assert seen.authorizations() == [None, BASIC]


def test_ignores_the_invitation_without_a_password():
    headers = {"www-authenticate": "basic realm=zot"}
    seen = Recorder(lambda request: httpx.Response(200, json={"tags": []}, headers=headers))
    client = client_of(seen)

    client.ping()
    client.tags("a")

    assert seen.authorizations() == [None, None]


def test_sends_a_registry_token_as_it_is():
    seen = Recorder(tags_of)

    client_of(seen, registry_token="given").tags("a")

    assert seen.authorizations() == ["Bearer given"]


def test_does_not_look_for_another_way_with_a_registry_token():
    seen = Recorder(lambda request: challenge(realm=REALM))

    with pytest.raises(errors.RegistryRefusedError):
        client_of(seen, registry_token="given").tags("a")

    assert len(seen.requests) == 1
