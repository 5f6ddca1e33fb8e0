import base64
from typing import Any

import pytest
from hypothesis import given

from registryui.oci.descriptor import Descriptor
from registryui.oci.digest import Digest
from registryui.oci.document import InvalidDocumentError
from registryui.oci.platform import Platform
from tests.oci.documents import JUNK, descriptor


def test_reads_everything_a_descriptor_may_say():
    document = descriptor(
        b"{}",
        "Application/JSON; charset=utf-8",
        platform={"os": "linux", "architecture": "arm64"},
        annotations={"a": "b", "c": 1},
        artifactType="application/x",
        urls=["https://cdn.example/layer", 5],
        data=base64.b64encode(b"{}").decode(),
    )

    read = Descriptor.from_document(document)

    assert read == Descriptor(
        media_type="application/json",
        digest=Digest.of(b"{}"),
        size_bytes=2,
        platform=Platform("linux", "arm64"),
        annotations=(("a", "b"),),
        artifact_type="application/x",
        urls=("https://cdn.example/layer",),
        content=b"{}",
    )


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        "sha256:",
        {},
        {"digest": str(Digest.of(b""))},
        descriptor(size="2"),
        descriptor(size=-1),
        descriptor(size=2**53),
        descriptor(size=True),
        descriptor(digest=5),
        descriptor(digest="sha256:abc"),
        descriptor(digest=None),
    ],
)
def test_refuses_one_without_a_digest_and_a_size(document: object):
    with pytest.raises(InvalidDocumentError):
        Descriptor.from_document(document)


@pytest.mark.parametrize(
    "fields",
    [
        {"data": "not base64!"},
        {"data": "é"},
        {"data": 5},
        {"data": base64.b64encode(b"[]").decode()},
        {"data": base64.b64encode(b"{}").decode(), "size": 3},
        {"data": base64.b64encode(b"{}").decode(), "digest": f"blake3:{'0' * 64}"},
    ],
)
def test_ignores_inline_content_that_is_not_what_it_should_be(fields: dict[str, Any]):
    assert Descriptor.from_document(descriptor(b"{}") | fields).content is None


def test_takes_a_wrong_platform_for_none():
    assert Descriptor.from_document(descriptor(platform=[])).platform is None
    assert Descriptor.from_document(descriptor(platform=None)).platform is None


@given(JUNK)
def test_raises_nothing_but_its_error(document: object):
    try:
        read = Descriptor.from_document(document)
    except InvalidDocumentError:
        return

    assert read.size_bytes >= 0
