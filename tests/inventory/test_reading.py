"""What the inventory keeps of an image, read from hostile documents, too."""

import json

import pytest

from registryui.inventory.reading import (
    LONGEST_TEXT,
    LONGEST_USER,
    Facts,
    facts_of_index,
    platform_word,
    read_facts,
)
from registryui.oci.media_types import OCI_MANIFEST

DIGEST = f"sha256:{'a' * 64}"
SOURCE = "org.opencontainers.image.source"


def read(config: object, **manifest: object) -> Facts:
    blob = {"digest": DIGEST, "size": 2, "mediaType": "application/vnd.oci.image.config.v1+json"}
    document = {"schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": blob, "layers": []}
    content = config if isinstance(config, bytes) else json.dumps(config).encode()
    return read_facts(json.dumps(document | manifest).encode(), OCI_MANIFEST, DIGEST, content)


@pytest.mark.parametrize(
    ("user", "is_root"),
    [
        ("", True),
        ("root", True),
        ("0", True),
        ("0:1000", True),
        ("root:app", True),
        ("1000", False),
        ("1000:0", False),
        ("app", False),
        ("rooty", False),
    ],
)
def test_says_whether_it_runs_as_root(user, is_root):
    facts = read({"os": "linux", "config": {"User": user}})

    assert (facts.is_root, facts.runs_as, facts.is_read) == (is_root, user, True)


def test_knows_no_root_on_windows():
    assert read({"os": "windows", "config": {}}).is_root is False


def test_takes_claims_from_labels_and_rather_from_annotations():
    labels = {SOURCE: "https://git.example/label", "org.label-schema.vcs-ref": "abc"}

    facts = read(
        {"config": {"Labels": labels}}, annotations={SOURCE: "https://git.example/annotation"}
    )

    assert (facts.source, facts.revision) == ("https://git.example/annotation", "abc")


def test_keeps_names_of_secrets_and_no_value():
    facts = read({"config": {"Env": ["API_TOKEN=hunter2-hunter2", "PATH=/bin"]}})

    assert facts.secret_names == ("API_TOKEN",)
    assert "hunter2" not in repr(facts)


@pytest.mark.parametrize(
    "config",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"config": ' * 200,
        b'{"a": 1e999}',
    ],
)
def test_knows_nothing_of_a_config_that_is_none(config):
    facts = read(config)

    assert (facts.is_read, facts.is_root, facts.secret_names) == (False, None, ())


@pytest.mark.parametrize(
    "config",
    [
        {"config": None},
        {"config": []},
        {"config": {"User": 0, "Env": "PATH=/bin", "Labels": []}},
        {"config": {"User": {"a": 1}, "Env": [None, 1, {}, ["A_TOKEN=b"]], "Labels": {"a": 1}}},
    ],
)
def test_reads_what_is_of_a_wrong_type_as_not_there(config):
    facts = read(config)

    assert (facts.is_root, facts.secret_names, facts.source) == (True, (), "")


def test_cuts_what_is_too_long():
    facts = read({"config": {"User": "u" * 9000, "Labels": {SOURCE: "s" * 9000}}})

    assert (len(facts.runs_as), len(facts.source)) == (LONGEST_USER, LONGEST_TEXT)


def test_stores_no_nul():
    facts = read({"config": {"User": "a\0b", "Labels": {SOURCE: "c\0d"}}})

    assert "\0" not in facts.runs_as + facts.source


def test_says_the_worst_of_an_index():
    app = Facts(is_read=True, runs_as="app", is_root=False, secret_names=("A",), source="one")
    root = Facts(is_read=True, runs_as="0", is_root=True, secret_names=("B", "A"), revision="two")

    facts = facts_of_index(Facts(revision="own"), [app, root, Facts()])

    assert facts == Facts(
        is_read=True,
        runs_as="0",
        is_root=True,
        secret_names=("A", "B"),
        source="one",
        revision="own",
    )


def test_knows_nothing_of_an_index_without_platforms():
    assert facts_of_index(Facts(source="own"), []) == Facts(source="own")


@pytest.mark.parametrize(
    ("text", "word"),
    [("linux/arm64/v8", "linux/arm64"), ("linux/arm/v7", "linux/arm/v7"), ("junk", "junk")],
)
def test_names_a_platform_in_one_way(text, word):
    assert platform_word(text) == word
