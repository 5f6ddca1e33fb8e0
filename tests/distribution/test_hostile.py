"""Whatever a registry answers, the client gives a result or raises its own error."""

import contextlib
import json

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st

from registryui.distribution.errors import RegistryError
from registryui.oci.digest import Digest
from registryui.oci.media_types import OCI_INDEX, OCI_MANIFEST
from tests.distribution.fakes import client_of

DIGEST = Digest.of(b"{}")
SECRET = "do-not-show-me"

OPERATIONS = (
    lambda client: client.ping(),
    lambda client: client.catalog(),
    lambda client: client.tags("a"),
    lambda client: client.resolve("a", "v1"),
    lambda client: client.manifest("a", "v1"),
    lambda client: client.manifest("a", str(DIGEST)),
    lambda client: client.blob("a", DIGEST, max_bytes=100),
    lambda client: client.referrers("a", DIGEST),
)

WORDS = """tags repositories manifests errors code message token access_token expires_in issued_at
digest mediaType size 2020-01-01T00:00:00Z v1 signatures fsLayers"""

words = st.sampled_from([*WORDS.split(), str(DIGEST), SECRET])
scalars = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9)
)
documents = st.recursive(
    scalars | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=12,
)
urls = st.sampled_from(
    [
        "/token",
        "https://auth.corp.example/token",
        "http://auth.corp.example/token",
        "https://[::1]/",
        "https://[",
        "https://xn--a/",
        "https://a:b@c/",
        "//x",
        "?n=1",
        "https://a.example:0/",
        "https://\u00e9.example/",
        "\x01",
        "",
    ]
)
headers = st.lists(
    st.tuples(st.just("location"), urls)
    | st.tuples(st.just("link"), urls.map(lambda url: f"<{url}>; rel=next"))
    | st.tuples(st.just("www-authenticate"), urls.map(lambda url: f'Bearer realm="{url}"'))
    | st.tuples(st.just("www-authenticate"), st.sampled_from(["Basic", "Negotiate", 'Bearer "']))
    | st.tuples(st.just("content-type"), st.sampled_from([OCI_INDEX, OCI_MANIFEST, "text/html"]))
    | st.tuples(st.just("docker-content-digest"), words)
    | st.tuples(st.just("retry-after"), st.sampled_from(["1", "x", "-1", "1e9"]))
    | st.tuples(st.just("warning"), st.text(max_size=20).map(lambda text: f'299 - "{text}"')),
    max_size=4,
)


@st.composite
def answers(draw):
    status = draw(st.sampled_from([200, 204, 301, 304, 307, 400, 401, 403, 404, 405, 429, 500]))
    sent = [(name.encode(), value.encode()) for name, value in draw(headers)]
    if draw(st.booleans()):
        return status, sent, draw(st.binary(max_size=40))
    return status, sent, json.dumps(draw(documents)).encode()


def failure_of(operation, client):
    try:
        operation(client)
    except RegistryError as error:
        return error
    return None


@settings(max_examples=300, deadline=None)
@given(st.lists(answers(), min_size=1, max_size=4), st.sampled_from(OPERATIONS), st.booleans())
def test_raises_nothing_but_its_own_errors(script, operation, has_login):
    numbers = iter(range(10_000))

    def handle(request):
        status, sent, content = script[next(numbers) % len(script)]
        return httpx.Response(status, headers=sent, content=content)

    login = {"username": "u", "password": SECRET} if has_login else {}

    with contextlib.suppress(RegistryError):
        operation(client_of(handle, **login))


@settings(max_examples=100, deadline=None)
@given(answers(), st.sampled_from(OPERATIONS))
def test_never_shows_its_password(answer, operation):
    status, sent, content = answer
    client = client_of(
        lambda request: httpx.Response(status, headers=sent, content=content + SECRET.encode()),
        username="u",
        password=SECRET,
    )

    error = failure_of(operation, client)

    if error:
        assert SECRET not in str(error)
        assert error.for_people
        assert error.operation
