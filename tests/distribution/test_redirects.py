import httpx
import pytest

from registryui.distribution import errors
from registryui.oci.digest import Digest
from tests.distribution.fakes import BASE, Recorder, client_of

CONTENT = b"{}"
DIGEST = Digest.of(CONTENT)
PRESIGNED = "https://storage.example/blob?X-Amz-Signature=secret"


def redirecting(*locations, status=307):
    """Answer the n-th request with a redirect to the n-th location, then with the content."""
    left = list(locations)

    def handle(request):
        if left:
            return httpx.Response(status, headers={"location": left.pop(0)})
        return httpx.Response(200, content=CONTENT)

    return Recorder(handle)


def read_blob(seen, **settings):
    client = client_of(seen, registry_token="given", **settings)
    return client.blob("a", DIGEST, max_bytes=100)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_fetches_a_blob_from_storage_without_our_token(status):
    seen = redirecting(PRESIGNED, status=status)

    assert read_blob(seen) == CONTENT
    assert seen.authorizations() == ["Bearer given"]
    assert seen.authorizations("storage.example") == [None]
    assert seen.requests[1].headers["host"] == "storage.example"


def test_keeps_the_token_on_the_registrys_own_origin():
    seen = redirecting("/elsewhere", f"{BASE}:443/blob")

    assert read_blob(seen) == CONTENT
    assert seen.authorizations() == ["Bearer given"] * 3


def test_drops_the_token_on_another_port():
    seen = redirecting(f"{BASE}:8443/blob")

    read_blob(seen)

    assert seen.authorizations() == ["Bearer given", None]


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("http://storage.example/blob?X-Amz-Signature=secret", "without encryption"),
        ("https://10.0.0.1/blob?X-Amz-Signature=secret", "inside our own network"),
        ("https://169.254.169.254/latest/meta-data", "inside our own network"),
        ("https://[::1]/", "inside our own network"),
        ("ftp://storage.example/secret", "no URL"),
        ("https://user:secret@storage.example/", "no URL"),
        ("https://storage.example/\tsecret", "no URL"),
    ],
)
def test_does_not_go_everywhere(location, words):
    seen = redirecting(location)

    with pytest.raises(errors.InvalidContentError, match=words) as caught:
        read_blob(seen)

    assert caught.value.code == "REDIRECT"
    assert "secret" not in str(caught.value)
    assert len(seen.requests) == 1


def test_does_not_go_where_httpx_cannot():
    with pytest.raises(errors.InvalidContentError, match="makes no sense") as caught:
        read_blob(redirecting(f"https://storage.example/{'x' * 70_000}"))

    assert len(str(caught.value)) < 200


def test_goes_inside_when_the_host_is_approved():
    seen = redirecting("https://10.0.0.1:9000/blob")
    approved = frozenset({"10.0.0.1:9000"})

    assert read_blob(seen, approved_storage_hosts=approved) == CONTENT


def test_takes_five_hops_and_no_more():
    five = [f"https://storage.example/{number}" for number in range(5)]

    assert read_blob(redirecting(*five)) == CONTENT
    with pytest.raises(errors.InvalidContentError, match="again and again"):
        read_blob(redirecting(*five, "https://storage.example/6"))


def test_treats_a_redirect_without_a_place_as_a_failure():
    seen = Recorder(lambda request: httpx.Response(302))

    with pytest.raises(errors.InvalidContentError, match="redirect"):
        read_blob(seen)


def test_does_not_take_the_storages_refusal_for_the_registrys():
    def handle(request):
        if request.url.host == "storage.example":
            realm = {"www-authenticate": 'Basic realm="storage"'}
            return httpx.Response(401, headers=realm)
        return httpx.Response(307, headers={"location": PRESIGNED})

    seen = Recorder(handle)
    client = client_of(seen, username="u", password="p")

    with pytest.raises(errors.RegistryRefusedError):
        client.blob("a", DIGEST, max_bytes=100)

    assert seen.authorizations("storage.example") == [None]


def test_stays_on_the_origin_with_everything_but_blobs():
    client = client_of(redirecting("https://other.example/v2/a/tags/list"))

    with pytest.raises(errors.InvalidContentError, match=r"https://other\.example"):
        client.tags("a")


def test_follows_redirects_on_the_origin_with_everything():
    seen = redirecting("/v2/renamed/manifests/1")

    assert client_of(seen).manifest("a", "1").content == CONTENT
    assert seen.lines[1] == "GET /v2/renamed/manifests/1"
