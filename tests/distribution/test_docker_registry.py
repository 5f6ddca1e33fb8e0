"""The client against the real thing: distribution 2.8.2 as Debian packages it."""

import json
import shutil
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from registryui.distribution.client import RegistryClient
from registryui.distribution.endpoint import Endpoint
from registryui.distribution.errors import NotFoundError, RegistryRefusedError
from registryui.distribution.limits import Limits
from registryui.oci.digest import Digest
from registryui.oci.media_types import OCI_CONFIG, OCI_MANIFEST

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(
        shutil.which("docker-registry") is None, reason="docker-registry is not installed"
    ),
]

CONFIG = b'{"architecture":"amd64","os":"linux","rootfs":{"type":"layers"}}'

# reader:open-sesame, bcrypt at its lowest cost.
HTPASSWD = "reader:$2y$04$a0kdBxHFYjS8cYKmZGGBiezshbVpD/BuyBJL6ZSJ6TuwSx0VBOfY.\n"

SETTINGS = """
version: 0.1
log: {{level: error, accesslog: {{disabled: true}}}}
storage: {{filesystem: {{rootdirectory: {root}}}}}
http: {{addr: "127.0.0.1:{port}"}}
{more}
"""


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


def start(folder, more=""):
    port = free_port()
    settings = folder / "registry.yml"
    settings.write_text(SETTINGS.format(root=folder / "data", port=port, more=more))
    with (folder / "registry.log").open("wb") as log:
        process = subprocess.Popen(
            ["docker-registry", "serve", str(settings)], stdout=log, stderr=log
        )
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            time.sleep(0.02)
    return process, f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    process, url = start(tmp_path_factory.mktemp("registry"))
    for name in ("team/app", "team/app-x", "zoo"):
        for tag in ("v1", "v10", "v2"):
            push(url, name, tag)
    yield url
    process.terminate()
    process.wait()


def push(url, name, tag):
    with httpx.Client(base_url=url, trust_env=False) as http:
        place = http.post(f"/v2/{name}/blobs/uploads/").headers["location"]
        digest = str(Digest.of(CONFIG))
        http.put(place, params={**httpx.URL(place).params, "digest": digest}, content=CONFIG)
        manifest = {
            "schemaVersion": 2,
            "mediaType": OCI_MANIFEST,
            "config": {"mediaType": OCI_CONFIG, "digest": digest, "size": len(CONFIG)},
            "layers": [],
            "annotations": {"tag": tag},
        }
        answer = http.put(
            f"/v2/{name}/manifests/{tag}",
            content=json.dumps(manifest).encode(),
            headers={"content-type": OCI_MANIFEST},
        )
        answer.raise_for_status()


@pytest.fixture
def client(url):
    with RegistryClient(Endpoint(url), limits=Limits(page_size=2)) as made:
        yield made


def test_pings(client):
    assert client.ping().api_version == "registry/2.0"


def test_pages_through_the_catalog(client):
    listing = client.catalog()

    assert sorted(listing.names) == ["team/app", "team/app-x", "zoo"]
    assert listing.is_complete


def test_lists_tags_that_are_neither_sorted_nor_paged(client):
    listing = client.tags("team/app")

    assert sorted(listing.names) == ["v1", "v10", "v2"]
    assert listing.is_complete


def test_shrinks_pages_it_calls_too_large(url):
    with RegistryClient(Endpoint(url), limits=Limits(page_size=5000)) as client:
        assert len(client.catalog().names) == 3
        assert client.requests_made == 2


def test_reads_and_verifies(client):
    digest = client.resolve("zoo", "v1")
    assert digest

    assert client.resolve("zoo", "v1", known=digest) == digest
    assert client.manifest("zoo", str(digest)).digest == digest
    assert client.blob("zoo", Digest.of(CONFIG), max_bytes=1000) == CONFIG


def test_says_what_is_not_there(client):
    with pytest.raises(NotFoundError) as caught:
        client.tags("nobody/nothing")
    assert caught.value.code == "NAME_UNKNOWN"

    with pytest.raises(NotFoundError):
        client.resolve("zoo", "v3")


def test_finds_no_referrers_api(client):
    digest = client.resolve("zoo", "v1")
    assert digest

    assert client.referrers("zoo", digest).source == "none"
    assert client.supports_referrers is False


def test_serves_many_threads(client):
    with ThreadPoolExecutor(32) as pool:
        found = set(pool.map(lambda _: client.manifest("zoo", "v1").digest, range(300)))

    assert len(found) == 1


def test_signs_in_with_basic(tmp_path):
    (tmp_path / "htpasswd").write_text(HTPASSWD)
    more = f"auth: {{htpasswd: {{realm: registry, path: {tmp_path / 'htpasswd'}}}}}"
    process, url = start(tmp_path, more)
    try:
        with RegistryClient(Endpoint(url, username="reader", password="open-sesame")) as client:
            assert not client.ping().needs_login
            assert client.catalog().names == ()
        with RegistryClient(Endpoint(url)) as stranger:
            assert stranger.ping().needs_login
            with pytest.raises(RegistryRefusedError, match="wants a login"):
                stranger.catalog()
        with (
            RegistryClient(Endpoint(url, username="reader", password="wrong")) as wrong,
            pytest.raises(RegistryRefusedError, match="login is wrong"),
        ):
            wrong.ping()
    finally:
        process.terminate()
        process.wait()
