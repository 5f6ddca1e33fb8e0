import httpx
import pytest

from registryui.distribution import errors
from registryui.distribution.limits import Limits
from registryui.oci.digest import Digest
from registryui.oci.manifest import referrer_tag
from registryui.oci.media_types import OCI_INDEX, OCI_MANIFEST
from tests.distribution.fakes import Recorder, client_of, complaint

SUBJECT = Digest.of(b"subject")


def entry(name):
    digest = str(Digest.of(name.encode()))
    return {"mediaType": OCI_MANIFEST, "digest": digest, "size": 5, "artifactType": name}


def index(*entries, link="", media_type=OCI_INDEX):
    headers = {"content-type": media_type}
    if link:
        headers["link"] = f"<{link}>; rel=next"
    return httpx.Response(200, json={"manifests": list(entries)}, headers=headers)


def types(found):
    return [descriptor.artifact_type for descriptor in found.descriptors]


def without_api(request, refusal):
    if "/referrers/" in request.url.path:
        return refusal
    if request.url.path.endswith(referrer_tag(SUBJECT)):
        return index(entry("sbom"))
    return httpx.Response(404)


def test_asks_the_api():
    seen = Recorder(lambda request: index(entry("signature"), "junk", {}, entry("signature")))
    client = client_of(seen)

    found = client.referrers("a", SUBJECT)

    assert types(found) == ["signature"]
    assert found.source == "api"
    assert client.supports_referrers is True
    assert seen.lines == [f"GET /v2/a/referrers/{SUBJECT}"]
    assert seen.requests[0].headers["accept"] == OCI_INDEX


def test_follows_the_pages():
    def handle(request):
        if "x" in request.url.params:
            return index(entry("two"), link="?x=1")
        return index(entry("one"), link="/v2/other?x=1")

    assert types(client_of(handle).referrers("a", SUBJECT)) == ["one", "two"]


def test_stops_at_an_empty_page_and_at_the_cap():
    numbers = iter(range(100))

    def empty(request):
        return index(link="?x=1") if "x" in request.url.params else index(entry("1"), link="?x=1")

    def endless(request):
        number = next(numbers)
        return index(entry(str(number)), link=f"?x={number}")

    assert types(client_of(empty).referrers("a", SUBJECT)) == ["1"]
    capped = client_of(endless, limits=Limits(max_referrers=3)).referrers("a", SUBJECT)
    assert types(capped) == ["0", "1", "2"]


@pytest.mark.parametrize(
    "refusal",
    [
        httpx.Response(404, text="404 page not found\n"),
        complaint(404, "NOT_FOUND"),
        httpx.Response(405),
        httpx.Response(406),
        httpx.Response(200, text="<html>", headers={"content-type": "text/html"}),
    ],
)
def test_remembers_that_there_is_no_api_and_reads_the_tag(refusal):
    seen = Recorder(lambda request: without_api(request, refusal))
    client = client_of(seen)

    for _ in range(2):
        found = client.referrers("a", SUBJECT)
        assert types(found) == ["sbom"]
        assert found.source == "tag"

    assert client.supports_referrers is False
    assert len(seen.requests) == 3


@pytest.mark.parametrize(
    "refusal", [complaint(400, "MANIFEST_INVALID"), complaint(404, "MANIFEST_UNKNOWN")]
)
def test_does_not_judge_the_api_by_an_unknown_manifest(refusal):
    client = client_of(lambda request: without_api(request, refusal))

    assert client.referrers("a", SUBJECT).source == "tag"
    assert client.supports_referrers is None


def test_does_not_unlearn_that_there_is_an_api():
    answers = iter([index(), httpx.Response(404), httpx.Response(404)])
    client = client_of(lambda request: next(answers))

    client.referrers("a", SUBJECT)
    client.referrers("a", SUBJECT)

    assert client.supports_referrers is True


@pytest.mark.parametrize(
    ("refusal", "kind"),
    [
        (complaint(404, "NAME_UNKNOWN"), errors.NotFoundError),
        (httpx.Response(403), errors.RegistryRefusedError),
        (
            httpx.Response(200, text="[", headers={"content-type": OCI_INDEX}),
            errors.InvalidContentError,
        ),
    ],
)
def test_raises_what_is_no_sign_of_a_missing_api(refusal, kind):
    with pytest.raises(kind):
        client_of(lambda request: refusal).referrers("a", SUBJECT)


@pytest.mark.parametrize(
    "tagged",
    [
        httpx.Response(404),
        index(entry("x"), media_type=OCI_MANIFEST),
        httpx.Response(200, text="[]", headers={"content-type": OCI_INDEX}),
    ],
)
def test_finds_none_without_a_usable_fallback_tag(tagged):
    def handle(request):
        return httpx.Response(404) if "/referrers/" in request.url.path else tagged

    found = client_of(handle).referrers("a", SUBJECT)

    assert found.descriptors == ()
    assert found.source == "none"
