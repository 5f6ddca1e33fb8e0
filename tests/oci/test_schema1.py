import json

import pytest
from hypothesis import given

from registryui.oci.annotations import parse_time
from registryui.oci.digest import Digest
from registryui.oci.document import InvalidDocumentError
from registryui.oci.schema1 import Schema1, signed_payload
from tests.oci.documents import JUNK, base64url, encode, schema1, sign


def test_puts_the_oldest_first():
    legacy = Schema1.from_document(schema1("ADD file", "RUN yum", "CMD"))

    assert [step.instruction for step in legacy.instructions] == ["ADD file", "RUN yum", "CMD"]
    assert legacy.blobs == tuple(Digest.of(text) for text in (b"ADD file", b"RUN yum", b"CMD"))
    assert (legacy.name, legacy.tag, legacy.architecture) == ("library/centos", "6", "amd64")


def test_takes_the_config_from_the_newest_step():
    newest = {
        "created": "2015-01-02T03:04:05.678901234Z",
        "os": "linux",
        "architecture": "amd64",
        "config": {"Labels": {"a": "b"}, "Cmd": ["bash"]},
        "container_config": {"Cmd": ["/bin/sh", "-c", "#(nop) CMD [bash]"]},
        "author": "The CentOS Project",
        "throwaway": True,
    }
    document = schema1("a", history=[{"v1Compatibility": json.dumps(newest)}])

    legacy = Schema1.from_document(document)

    assert legacy.config.created == parse_time("2015-01-02T03:04:05.678901Z")
    assert legacy.config.labels == (("a", "b"),)
    assert legacy.config.command == ("bash",)
    assert legacy.config.history == legacy.instructions
    assert legacy.instructions[0].instruction == "CMD [bash]"
    assert legacy.instructions[0].is_empty_layer


@pytest.mark.parametrize("entry", [None, "a", {}, {"v1Compatibility": 5}, {"v1Compatibility": "["}])
def test_takes_a_step_it_cannot_read_for_an_empty_one(entry: object):
    legacy = Schema1.from_document(schema1("a", history=[entry]))

    assert legacy.instructions[0].instruction == ""


def test_survives_a_manifest_without_history():
    legacy = Schema1.from_document(schema1("a", history=None))

    assert legacy.instructions == ()
    assert legacy.config.created is None


PAYLOAD = json.dumps(schema1("a"), indent=3).encode()


def test_finds_what_was_signed():
    content = sign(PAYLOAD)

    assert signed_payload(content, json.loads(content)) == PAYLOAD


@pytest.mark.parametrize(
    "signatures",
    [
        None,
        {},
        [],
        ["a"],
        [{}],
        [{"protected": 5}],
        [{"protected": "!"}],
        [{"protected": "é"}],
        [{"protected": "A"}],
        [{"protected": base64url(b"[]")}],
        [{"protected": base64url(b"{}")}],
        [{"protected": base64url(encode({"formatLength": "5"}))}],
        [{"protected": base64url(encode({"formatLength": 10**6}))}],
        [{"protected": base64url(encode({"formatLength": 5, "formatTail": "!"}))}],
    ],
)
def test_takes_everything_for_signed_when_the_signature_tells_nothing(signatures: object):
    document = schema1("a", signatures=signatures)
    content = encode(document)

    assert signed_payload(content, document) is content


@given(JUNK, JUNK)
def test_raises_nothing_but_its_error(layers: object, history: object):
    document = schema1("a", fsLayers=layers, history=history, signatures=layers)

    signed_payload(b"{}", document)
    try:
        legacy = Schema1.from_document(document)
    except InvalidDocumentError:
        return

    assert legacy.name == "library/centos"
