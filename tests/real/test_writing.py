"""Deleting and pushing in Debian's docker-registry 2.8.2, however it is set up."""

import json
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from registryui.distribution import errors
from registryui.distribution.client import RegistryClient
from registryui.distribution.endpoint import Endpoint
from registryui.distribution.limits import Limits
from registryui.distribution.writer import Outcome, RegistryWriter, Support
from registryui.oci import media_types
from registryui.oci.digest import Digest
from registryui.sample.serving import serve
from tests.real.conftest import HTPASSWD, PASSWORD, USERNAME
from tests.real.processes import Server, docker_registry
from tests.real.token_server import TokenServer

APP = "team/app"
NOBODYS = Digest.of(b"nobody has this")
CONFIG = b'{"architecture":"amd64","os":"linux","rootfs":{"type":"layers"}}'
LOGIN = {"username": USERNAME, "password": PASSWORD}
DISABLED = {"storage": {"delete": {"enabled": False}}}
READ_ONLY = {
    "storage": {"maintenance": {"uploadpurging": {"enabled": False}, "readonly": {"enabled": True}}}
}
Started = Callable[..., RegistryWriter]


@contextmanager
def writing(server: Server, **settings: Any) -> Iterator[RegistryWriter]:
    with RegistryClient(Endpoint(server.url, **settings), limits=Limits(tries=1)) as client:
        yield RegistryWriter(client)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Started]:
    """Return what starts a registry, each on the same storage, and makes a writer for it."""
    with ExitStack() as stack:

        def started(
            sections: Mapping[str, Any] | None = None, login: Mapping[str, str] | None = None
        ) -> RegistryWriter:
            running: AbstractContextManager[Server] = docker_registry(
                tmp_path / "registry", root=tmp_path / "storage", **(sections or {})
            )
            server = stack.enter_context(running)
            return stack.enter_context(writing(server, **(login or {})))

        yield started


@pytest.fixture
def writer(start: Started) -> RegistryWriter:
    """Return the writer of a registry that is open and deletes."""
    return start()


def manifest_of(config: Digest, **annotations: str) -> bytes:
    document = {
        "schemaVersion": 2,
        "mediaType": media_types.OCI_MANIFEST,
        "config": {
            "mediaType": media_types.OCI_CONFIG,
            "digest": str(config),
            "size": len(CONFIG),
        },
        "layers": [],
        "annotations": annotations,
    }
    return json.dumps(document).encode()


def push(writer: RegistryWriter, *tags: str, **annotations: str) -> Digest:
    """Push one image under these tags."""
    content = manifest_of(writer.upload_blob(APP, CONFIG), **annotations)
    [digest] = {writer.put_manifest(APP, tag, content, media_types.OCI_MANIFEST) for tag in tags}
    return digest


def push_index(writer: RegistryWriter, tag: str, child: Digest) -> Digest:
    """Push an index of one image."""
    size = len(writer.client.manifest(APP, str(child)).content)
    entry = {"mediaType": media_types.OCI_MANIFEST, "digest": str(child), "size": size}
    document = {"schemaVersion": 2, "mediaType": media_types.OCI_INDEX, "manifests": [entry]}
    return writer.put_manifest(APP, tag, json.dumps(document).encode(), media_types.OCI_INDEX)


def why_not(writer: RegistryWriter, reference: str | Digest) -> str:
    """Return why it does not delete."""
    with pytest.raises(errors.UnsupportedError) as caught:
        writer.delete(APP, reference)
    return caught.value.why


def names(writer: RegistryWriter) -> list[str]:
    return sorted(writer.client.tags(APP).names)


def test_deletes_a_digest_with_every_tag_on_it(writer: RegistryWriter) -> None:
    digest = push(writer, "v1", "v2")
    push(writer, "v3", other="image")

    assert writer.delete(APP, digest) is Outcome.DONE

    assert names(writer) == ["v3"]
    assert writer.client.find_manifest(APP, "v1") is None
    assert writer.client.find_manifest(APP, str(digest)) is None


def test_knows_what_is_gone_already(writer: RegistryWriter) -> None:
    digest = push(writer, "v1")
    writer.delete(APP, digest)

    assert writer.delete(APP, digest) is Outcome.ALREADY_GONE
    assert writer.delete(APP, NOBODYS) is Outcome.ALREADY_GONE
    assert writer.delete("nobody/nothing", NOBODYS) is Outcome.ALREADY_GONE


@pytest.mark.parametrize("tag", ["v1", "v9"])
def test_says_that_it_deletes_by_digest_only(writer: RegistryWriter, tag: str) -> None:
    digest = push(writer, "v1")

    assert why_not(writer, tag) == "digest-only"
    assert writer.client.find_manifest(APP, "v1") == digest


def test_deletes_a_part_of_an_index(writer: RegistryWriter) -> None:
    child = push(writer, "v1")
    index = push_index(writer, "all", child)

    assert writer.delete(APP, child) is Outcome.DONE

    assert writer.client.find_manifest(APP, "all") == index


@pytest.mark.parametrize(("sections", "why"), [(DISABLED, "disabled"), (READ_ONLY, "read-only")])
@pytest.mark.parametrize("reference", ["v1", "v9", "digest", str(NOBODYS)])
def test_says_why_nothing_is_deleted(
    start: Started, sections: Mapping[str, Any], why: str, reference: str
) -> None:
    digest = push(start(), "v1")
    writer = start(sections)

    assert why_not(writer, digest if reference == "digest" else reference) == why

    assert writer.client.find_manifest(APP, "v1") == digest


def test_says_that_a_cache_takes_no_changes(start: Started, tmp_path: Path) -> None:
    source = start()
    digest = push(source, "v1")
    proxy = {"remoteurl": source.client.endpoint.base_url}
    with docker_registry(tmp_path / "cache", proxy=proxy) as server, writing(server) as cache:
        content = cache.client.manifest(APP, "v1").content

        assert why_not(cache, digest) == "disabled"
        assert why_not(cache, "v1") == "disabled"
        with pytest.raises(errors.UnsupportedError) as caught:
            cache.put_manifest(APP, "v2", content, media_types.OCI_MANIFEST)
        assert caught.value.why == "disabled"
        with pytest.raises(errors.UnsupportedError):
            cache.upload_blob(APP, CONFIG)


def test_takes_no_pushes_while_it_is_read_only(start: Started) -> None:
    push(start(), "v1")
    writer = start(READ_ONLY)
    content = writer.client.manifest(APP, "v1").content

    with pytest.raises(errors.UnsupportedError) as caught:
        writer.put_manifest(APP, "v2", content, media_types.OCI_MANIFEST)
    assert caught.value.why == "read-only"
    with pytest.raises(errors.UnsupportedError):
        writer.upload_blob(APP, CONFIG)


@pytest.mark.parametrize(
    ("sections", "by_digest", "by_tag", "is_read_only"),
    [
        ({}, Support.YES, Support.NO, False),
        (DISABLED, Support.NO, Support.NO, False),
        (READ_ONLY, Support.NO, Support.NO, True),
    ],
)
def test_finds_out_whether_it_deletes(
    start: Started,
    sections: Mapping[str, Any],
    by_digest: Support,
    by_tag: Support,
    *,
    is_read_only: bool,
) -> None:
    digest = push(start(), "v1", "v2")
    writer = start(sections)

    support = writer.probe_deletion(APP)

    assert (support.by_digest, support.by_tag) == (by_digest, by_tag)
    assert support.is_read_only is is_read_only
    assert not support.needs_login
    assert names(writer) == ["v1", "v2"]
    assert writer.client.find_manifest(APP, "v1") == digest


@pytest.mark.parametrize("kind", ["image", "index"])
def test_gets_back_what_was_deleted(writer: RegistryWriter, kind: str) -> None:
    child = push(writer, "part")
    digest = push_index(writer, "v1", child) if kind == "index" else push(writer, "v1", "v2")
    kept = writer.client.manifest(APP, str(digest))
    writer.delete(APP, digest)
    assert writer.client.has_blob(APP, Digest.of(CONFIG))

    restored = writer.put_manifest(APP, "v1", kept.content, kept.content_type)

    assert restored == digest
    assert writer.client.manifest(APP, "v1").content == kept.content


def test_frees_one_tag_of_several(writer: RegistryWriter) -> None:
    digest = push(writer, "v1", "v2", "v3")

    substitute = push(writer, "v2", made="to be deleted")
    writer.delete(APP, substitute)

    assert names(writer) == ["v1", "v3"]
    assert writer.client.find_manifest(APP, "v1") == digest


def test_puts_a_tag_back_when_its_substitute_cannot_be_deleted(start: Started) -> None:
    digest = push(start(), "v1", "v2")
    writer = start(DISABLED)
    kept = writer.client.manifest(APP, "v2")
    substitute = push(writer, "v2", made="to be deleted")

    assert why_not(writer, substitute) == "disabled"
    writer.put_manifest(APP, "v2", kept.content, kept.content_type)

    assert writer.client.find_manifest(APP, "v2") == digest


def test_says_that_a_part_is_gone(writer: RegistryWriter) -> None:
    content = manifest_of(NOBODYS)

    with pytest.raises(errors.NotFoundError) as caught:
        writer.put_manifest(APP, "v1", content, media_types.OCI_MANIFEST)

    assert caught.value.code == "MANIFEST_BLOB_UNKNOWN"
    assert not writer.client.has_blob(APP, NOBODYS)


def test_writes_behind_a_password(start: Started, tmp_path: Path) -> None:
    (tmp_path / "htpasswd").write_text(HTPASSWD, encoding="utf-8")
    auth = {"auth": {"htpasswd": {"realm": "the tests", "path": str(tmp_path / "htpasswd")}}}
    writer, stranger = start(auth, LOGIN), start(auth)

    digest = push(writer, "v1")

    with pytest.raises(errors.RegistryRefusedError, match="wants a login"):
        stranger.delete(APP, digest)
    assert stranger.probe_deletion(APP).needs_login
    assert writer.probe_deletion(APP).by_digest is Support.YES
    assert writer.delete(APP, digest) is Outcome.DONE


@pytest.fixture
def tokens() -> TokenServer:
    """Return a token server that grants whatever is asked for."""
    return TokenServer(USERNAME, PASSWORD)


@pytest.fixture
def behind_tokens(start: Started, tokens: TokenServer, tmp_path: Path) -> Iterator[Started]:
    """Return what starts a registry behind the token server."""
    with serve(tokens) as realm:
        auth = {"auth": tokens.configuration(f"{realm}/token", tmp_path)}
        yield lambda login=LOGIN: start(auth, login)


def test_writes_with_tokens(behind_tokens: Started, tokens: TokenServer) -> None:
    writer = behind_tokens()
    digest = push(writer, "v1")

    assert writer.client.find_manifest(APP, "v1") == digest
    assert writer.probe_deletion(APP).by_digest is Support.YES
    assert writer.delete(APP, digest) is Outcome.DONE

    assert f"repository:{APP}:delete" in tokens.granted
    assert f"repository:{APP}:pull,push" in tokens.granted


def test_is_told_that_it_may_not_delete(behind_tokens: Started, tokens: TokenServer) -> None:
    tokens.withheld = frozenset({"delete"})
    writer = behind_tokens()
    digest = push(writer, "v1")

    with pytest.raises(errors.RegistryRefusedError, match="may not delete"):
        writer.delete(APP, digest)

    support = writer.probe_deletion(APP)
    assert (support.by_digest, support.needs_login) == (Support.UNKNOWN, True)
    assert writer.client.find_manifest(APP, "v1") == digest


def test_is_told_that_it_may_not_push(behind_tokens: Started, tokens: TokenServer) -> None:
    writer = behind_tokens()
    digest = push(writer, "v1")
    content = writer.client.manifest(APP, "v1").content
    tokens.withheld = frozenset({"push"})
    limited = behind_tokens()

    with pytest.raises(errors.RegistryRefusedError, match="may not push"):
        limited.upload_blob(APP, CONFIG)
    with pytest.raises(errors.RegistryRefusedError, match="may not push"):
        limited.put_manifest(APP, "v2", content, media_types.OCI_MANIFEST)

    assert limited.delete(APP, digest) is Outcome.DONE


def test_looks_again_when_a_registry_hangs(tmp_path: Path) -> None:
    limits = Limits(tries=1, write_seconds=0.3)
    with (
        docker_registry(tmp_path / "registry") as server,
        RegistryClient(Endpoint(server.url), limits=limits) as client,
    ):
        writer = RegistryWriter(client)
        digest = push(writer, "v1")
        server.process.send_signal(signal.SIGSTOP)

        with pytest.raises(errors.OutcomeUnknownError) as caught:
            writer.delete(APP, digest)
        assert caught.value.cause == "timeout"

        server.process.send_signal(signal.SIGCONT)
        # Whether it reads what we sent before we left is its own affair.
        assert client.find_manifest(APP, "v1") in {digest, None}


def test_knows_that_nothing_was_done_when_the_registry_is_down(tmp_path: Path) -> None:
    with docker_registry(tmp_path / "registry") as server, writing(server) as writer:
        digest = push(writer, "v1")
        server.stop()

        with pytest.raises(errors.RegistryUnreachableError) as caught:
            writer.delete(APP, digest)

    assert caught.value.cause == "refused"
    assert not isinstance(caught.value, errors.OutcomeUnknownError)
