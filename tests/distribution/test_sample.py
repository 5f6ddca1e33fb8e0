"""The client against the sample registry, through the whole of HTTP but the sockets."""

import httpx
import pytest

from registryui.distribution import errors
from registryui.distribution.client import RegistryClient
from registryui.distribution.endpoint import Endpoint
from registryui.distribution.limits import Limits
from registryui.oci.manifest import parse_manifest
from registryui.oci.media_types import SPDX_JSON
from registryui.sample.builder import artifact, image, index, tag_referrers
from registryui.sample.registry import SampleRegistry
from registryui.sample.switches import Switches
from tests.distribution.fakes import FakeTime

LOGIN = {"username": "reader", "password": "open-sesame"}


@pytest.fixture
def registry():
    return SampleRegistry()


def client_of(registry, *, limits=None, **settings):
    return RegistryClient(
        Endpoint("https://registry.example", **settings),
        limits=limits or Limits(),
        transport=httpx.WSGITransport(app=registry),
        clock=FakeTime().clock,
    )


def fill(registry, count=7):
    for number in range(count):
        image(registry, f"team/app{number}", "v1")


@pytest.mark.parametrize("auth", ["none", "basic", "bearer"])
def test_reads_everything_about_an_image(registry, auth):
    digest = image(registry, "team/app", "v1", layers=2)
    registry.switches.auth = auth
    client = client_of(registry, **(LOGIN if auth != "none" else {}))

    assert client.ping().api_version == "registry/2.0"
    assert client.catalog().names == ("team/app",)
    assert client.tags("team/app").names == ("v1",)
    assert client.resolve("team/app", "v1") == digest
    assert client.resolve("team/app", "v1", known=digest) == digest
    document = client.manifest("team/app", str(digest))
    manifest = parse_manifest(document.content, content_type=document.content_type, digest=digest)
    assert manifest.config
    config = client.blob(
        "team/app",
        manifest.config.digest,
        max_bytes=10_000,
        expected_bytes=manifest.config.size_bytes,
    )
    assert manifest.config.digest.matches(config)


def test_asks_once_for_each_thing_when_signed_in(registry):
    fill(registry, 3)
    registry.switches.auth = "bearer"
    client = client_of(registry, **LOGIN)
    client.tags("team/app0")
    registry.forget_requests()

    client.tags("team/app1")
    client.resolve("team/app1", "v1")

    # One token, one list, one manifest: no refusal in between.
    assert [request.status for request in registry.requests] == [200, 200, 200]


def test_pages_through_a_catalog(registry):
    fill(registry, 7)
    client = client_of(registry, limits=Limits(page_size=3))

    pages = [page.names for page in client.iter_catalog()]

    assert [len(names) for names in pages] == [3, 3, 1]
    assert client.catalog().is_complete


@pytest.mark.parametrize(
    ("switch", "value"),
    [
        ("foreign_link", "https://evil.example"),
        ("old_tags", True),
        ("junk_tags", [None, "", "sha256:x", 5]),
        ("largest_page", 100),
    ],
)
def test_copes_with_odd_listings(registry, switch, value):
    for number in range(5):
        image(registry, "a", f"v{number}")
    setattr(registry.switches, switch, value)

    listing = client_of(registry, limits=Limits(page_size=5)).tags("a")

    assert sorted(listing.names) == ["v0", "v1", "v2", "v3", "v4"]
    assert listing.is_complete


def test_asks_for_smaller_pages_where_large_ones_are_refused(registry):
    fill(registry, 2)

    assert len(client_of(registry, limits=Limits(page_size=5000)).catalog().names) == 2


@pytest.mark.parametrize(
    ("switch", "operation"),
    [
        ("truncate_catalog", lambda client: client.catalog()),
        ("truncate_tags", lambda client: client.tags("a")),
        ("endless_link", lambda client: client.tags("a")),
    ],
)
def test_knows_when_a_listing_is_not_complete(registry, switch, operation):
    for number in range(5):
        image(registry, "a", f"v{number}")
        image(registry, f"b{number}", "v1")
    setattr(registry.switches, switch, True)

    listing = operation(client_of(registry, limits=Limits(tries=1, page_size=2)))

    assert listing.names
    assert not listing.is_complete


def test_takes_null_for_no_tags(registry):
    image(registry, "a", "v1")
    registry.switches.null_tags = True

    assert client_of(registry).tags("a").names == ()


@pytest.mark.parametrize(
    ("switches", "kind"),
    [
        (Switches(wrong_digest="body"), errors.InvalidContentError),
        (Switches(fail_next=[500] * 9), errors.RegistryUnreachableError),
        (Switches(rate_limit_after=0, retry_after="3600"), errors.RateLimitedError),
        (Switches(rate_limit_after=0, retry_after=""), errors.RateLimitedError),
        (Switches(auth="basic"), errors.RegistryRefusedError),
        (Switches(auth="bearer"), errors.RegistryRefusedError),
    ],
)
def test_raises_its_own_errors(registry, switches, kind):
    digest = image(registry, "a", "v1")
    broken = SampleRegistry(switches)
    broken.store = registry.store

    with pytest.raises(kind):
        client_of(broken).manifest("a", str(digest))


def test_does_not_believe_a_header_that_lies(registry):
    digest = image(registry, "a", "v1")
    registry.switches.wrong_digest = "header"

    document = client_of(registry).manifest("a", "v1")

    assert document.digest == digest
    assert document.header_digest != digest


@pytest.mark.parametrize("switch", ["has_head", "has_etags"])
def test_resolves_without_head_and_without_etags(registry, switch):
    digest = image(registry, "a", "v1")
    setattr(registry.switches, switch, False)

    assert client_of(registry).resolve("a", "v1", known=digest) == digest


def test_gets_over_a_hiccup(registry):
    fill(registry, 1)
    registry.switches.fail_next = [503, 429]

    assert client_of(registry).catalog().names == ("team/app0",)


def test_takes_a_login_page_for_what_it_is(registry):
    registry.switches.html_login_page = True

    with pytest.raises(errors.InvalidContentError, match="login page"):
        client_of(registry).ping()


def test_exchanges_an_identity_token(registry):
    fill(registry, 1)
    registry.switches.auth = "bearer"
    registry.switches.identity_token = "identity"

    assert client_of(registry, identity_token="identity").catalog().names == ("team/app0",)


def test_fetches_a_redirected_blob(registry):
    digest = image(registry, "a", "v1")
    registry.switches.blob_redirect = "https://storage.example"
    registry.switches.auth = "basic"
    client = client_of(registry, **LOGIN)
    document = client.manifest("a", str(digest))
    config = parse_manifest(document.content).config
    assert config

    assert client.blob("a", config.digest, max_bytes=10_000)

    assert "authorization" not in registry.requests[-1].headers


@pytest.mark.parametrize(("has_api", "source"), [(True, "api"), (False, "tag")])
def test_finds_referrers_with_and_without_the_api(registry, has_api, source):
    digest = index(registry, "a", "v1", children=[image(registry, "a")])
    sbom = artifact(registry, "a", artifact_type=SPDX_JSON, subject=digest)
    tag_referrers(registry, "a", digest)
    registry.switches.has_referrers = has_api
    client = client_of(registry)

    found = client.referrers("a", digest)

    assert [descriptor.digest for descriptor in found.descriptors] == [sbom]
    assert found.source == source
    assert client.supports_referrers is has_api


def test_works_behind_a_prefix():
    registry = SampleRegistry(prefix="/docker")
    fill(registry, 3)
    client = RegistryClient(
        Endpoint("https://registry.example/docker"),
        limits=Limits(page_size=2),
        transport=httpx.WSGITransport(app=registry),
    )

    assert len(client.catalog().names) == 3
