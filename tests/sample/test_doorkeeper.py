"""Who may come in: Basic, Bearer with its token server, and odd challenges."""

import base64

import pytest

from registryui.sample.builder import image
from registryui.sample.tokens import Grant, parse_scopes, write_scopes

READER = ("reader", "open-sesame")


@pytest.fixture
def guarded(registry):
    image(registry, "a/b", "1")
    image(registry, "secret/c", "1")
    registry.switches.auth = "bearer"
    registry.switches.denied = {"secret/c"}
    return registry


def token_for(client, *scopes, **options):
    answer = client.get("/token", params={"service": "s", "scope": scopes}, **options)
    return answer.json()["access_token"]


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def test_asks_for_a_password(registry, client):
    registry.switches.auth = "basic"

    refused = client.get("/v2/")
    let_in = client.get("/v2/", auth=READER)
    wrong = client.get("/v2/", auth=("reader", "wrong"))

    assert (refused.status_code, let_in.status_code, wrong.status_code) == (401, 200, 401)
    assert refused.headers["WWW-Authenticate"] == 'Basic realm="registry.example"'
    assert refused.json()["errors"][0]["code"] == "UNAUTHORIZED"


def test_denies_a_repository_to_everybody(guarded, client):
    guarded.switches.auth = "basic"

    answer = client.get("/v2/secret/c/tags/list", auth=READER)

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (403, "DENIED")


@pytest.mark.parametrize(("auth", "status"), [("none", 403), ("basic", 403), ("bearer", 401)])
def test_denies_an_action_to_everybody(guarded, client, auth, status):
    guarded.switches.auth = auth
    guarded.switches.denied_actions = {"delete"}
    headers = bearer(token_for(client, "repository:a/b:delete,pull,push", auth=READER))
    options = {"none": {}, "basic": {"auth": READER}, "bearer": {"headers": headers}}[auth]

    assert client.delete("/v2/a/b/manifests/1", **options).status_code == status
    assert client.head("/v2/a/b/manifests/1", **options).status_code == 200
    assert client.post("/v2/a/b/blobs/uploads/", **options).status_code == 202


def test_sends_the_own_realm_when_switched(registry, client):
    registry.switches.auth = "basic"
    registry.switches.realm = 'the \\"inner\\" circle'

    answer = client.get("/v2/")

    assert answer.headers["WWW-Authenticate"] == 'Basic realm="the \\"inner\\" circle"'


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "_catalog", "registry:catalog:*"),
        ("GET", "a/b/tags/list", "repository:a/b:pull"),
        ("HEAD", "a/b/manifests/1", "repository:a/b:pull"),
        ("DELETE", "a/b/manifests/1", "repository:a/b:delete"),
        ("PUT", "a/b/manifests/1", "repository:a/b:pull,push"),
        (
            "POST",
            f"a/b/blobs/uploads/?mount=sha256:{'0' * 64}&from=c/d",
            "repository:a/b:pull,push repository:c/d:pull",
        ),
    ],
)
def test_says_which_scope_is_needed(guarded, client, method, path, scope):
    answer = client.request(method, f"/v2/{path}")

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == (
        f'Bearer realm="http://registry.example/token",service="registry.example",scope="{scope}"'
    )


def test_wants_no_scope_for_the_ping(guarded, client):
    answer = client.get("/v2/")

    assert "scope" not in answer.headers["WWW-Authenticate"]
    assert client.get("/v2/", headers=bearer(token_for(client, auth=READER))).status_code == 200


def test_lets_in_who_has_a_token(guarded, client):
    token = token_for(client, "repository:a/b:pull", auth=READER)

    assert client.get("/v2/a/b/tags/list", headers=bearer(token)).status_code == 200


def test_asks_for_more_when_a_token_is_not_enough(guarded, client):
    token = token_for(client, "repository:a/b:pull", auth=READER)

    answer = client.delete("/v2/a/b/manifests/1", headers=bearer(token))

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].endswith(',error="insufficient_scope"')


def test_grants_less_than_asked_for_what_is_denied(guarded, client):
    answer = client.get("/token", params={"scope": "repository:secret/c:pull"}, auth=READER)

    assert (answer.status_code, answer.json()["scope"]) == (200, "")


def test_forgets_tokens_when_they_expire(guarded, client, clock):
    token = token_for(client, "repository:a/b:pull", auth=READER)

    clock.now += guarded.switches.token_seconds
    answer = client.get("/v2/a/b/tags/list", headers=bearer(token))

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].endswith(',error="invalid_token"')


def test_wants_the_right_scheme(guarded, client):
    answer = client.get("/v2/a/b/tags/list", auth=READER)

    assert answer.status_code == 401
    assert "error=" not in answer.headers["WWW-Authenticate"]


@pytest.mark.parametrize("auth", [None, ("reader", "wrong")])
def test_refuses_a_token_to_strangers(guarded, client, auth):
    answer = client.get("/token", auth=auth)

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Basic ")


def test_lets_everybody_pull_when_switched(guarded, client):
    guarded.switches.anonymous_pull = True

    answer = client.get("/token", params={"scope": "repository:a/b:pull,push,delete"})
    wrong = client.get("/token", auth=("reader", "wrong"))

    assert answer.json()["scope"] == "repository:a/b:pull"
    assert answer.json()["token"] == answer.json()["access_token"]
    assert wrong.status_code == 401


def test_issues_tokens_by_post(guarded, client):
    guarded.switches.identity_token = "identity"
    scope = "repository:a/b:pull"
    by_password = {"grant_type": "password", "username": "reader", "password": "open-sesame"}
    by_identity = {"grant_type": "refresh_token", "refresh_token": "identity"}

    answers = [
        client.post("/token", data={**form, "scope": scope}) for form in (by_password, by_identity)
    ]

    for answer in answers:
        token = answer.json()["access_token"]
        assert client.get("/v2/a/b/tags/list", headers=bearer(token)).status_code == 200
        assert "token" not in answer.json()


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"grant_type": "refresh_token", "refresh_token": ""},
        {"grant_type": "password", "username": "reader", "password": "wrong"},
    ],
)
def test_refuses_tokens_by_post(guarded, client, form):
    guarded.switches.anonymous_pull = True

    assert client.post("/token", data=form).status_code == 401


def test_has_no_post_form_when_switched_off(guarded, client):
    guarded.switches.has_token_post = False

    assert client.post("/token", data={"grant_type": "password"}).status_code == 404


def test_sends_odd_challenges(guarded, client):
    guarded.switches.challenges = ["Negotiate", 'Bearer realm="https://auth.example/token"']

    answer = client.get("/v2/")

    assert answer.headers.get_list("WWW-Authenticate") == guarded.switches.challenges


def test_reads_scopes_of_names_with_ports():
    grants = parse_scopes(["repository:host:5000/a:pull,push registry:catalog:*"])

    assert grants == {
        Grant("repository", "host:5000/a", "pull"),
        Grant("repository", "host:5000/a", "push"),
        Grant("registry", "catalog", "*"),
    }
    assert write_scopes(grants) == "registry:catalog:* repository:host:5000/a:pull,push"


def test_ignores_the_case_of_schemes(registry, client):
    registry.switches.auth = "basic"
    encoded = base64.b64encode(b"reader:open-sesame").decode()

    answer = client.get("/v2/", headers={"Authorization": f"bAsIc {encoded}"})

    assert answer.status_code == 200
