from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given

from registryui.oci.config import HistoryEntry, ImageConfig, Step, join_history, parse_config
from registryui.oci.descriptor import Descriptor
from registryui.oci.digest import Digest
from registryui.oci.document import InvalidDocumentError
from registryui.oci.platform import Platform
from tests.oci.documents import JUNK, JUNK_BYTES, encode

DOCUMENT: dict[str, Any] = {
    "created": "2024-05-01T10:11:12.123456789Z",
    "author": "a",
    "architecture": "arm64",
    "variant": "v8",
    "os": "linux",
    "config": {
        "User": "app",
        "Entrypoint": ["/docker-entrypoint.sh"],
        "Cmd": ["nginx", "-g"],
        "Env": ["PATH=/bin:/usr/bin", "EMPTY=", "NAME"],
        "WorkingDir": "/app",
        "ExposedPorts": {"80/tcp": {}},
        "Volumes": {"/var": {}},
        "Labels": {"a": "b"},
        "StopSignal": "SIGQUIT",
        "Healthcheck": {"Test": ["CMD", "true"]},
        "OnBuild": ["RUN make"],
        "Shell": ["/bin/bash", "-c"],
    },
    "rootfs": {"type": "layers", "diff_ids": ["sha256:1"]},
    "history": [{"created_by": "RUN make"}, {"created_by": "CMD", "empty_layer": True}],
}


def test_reads_a_whole_config():
    assert parse_config(encode(DOCUMENT)) == ImageConfig(  # noqa: S604  # it starts no shell
        created=datetime(2024, 5, 1, 10, 11, 12, 123456, tzinfo=UTC),
        created_text="2024-05-01T10:11:12.123456789Z",
        author="a",
        platform=Platform("linux", "arm64", "v8"),
        user="app",
        entrypoint=("/docker-entrypoint.sh",),
        command=("nginx", "-g"),
        environment=(("PATH", "/bin:/usr/bin"), ("EMPTY", ""), ("NAME", "")),
        working_dir="/app",
        exposed_ports=("80/tcp",),
        volumes=("/var",),
        labels=(("a", "b"),),
        stop_signal="SIGQUIT",
        healthcheck=("CMD", "true"),
        on_build=("RUN make",),
        shell=("/bin/bash", "-c"),
        diff_ids=("sha256:1",),
        history=(
            HistoryEntry(created_by="RUN make"),
            HistoryEntry(created_by="CMD", is_empty_layer=True),
        ),
    )


EMPTY = parse_config(b"{}")


@pytest.mark.parametrize("value", [None, 5, "x", [], {}, [None, 5], {"a": 5}])
def test_takes_a_wrong_type_for_nothing(value: object):
    document = {key: value for key in DOCUMENT if key not in {"created", "author"}}
    run = {"config": dict.fromkeys(DOCUMENT["config"], value)}

    read = parse_config(encode(document))

    assert (read.labels, read.diff_ids, read.environment) == ((), (), ())
    assert parse_config(encode(run)).labels == ()


def test_has_no_date_for_a_reproducible_build():
    config = parse_config(encode({"created": "1970-01-01T00:00:00Z"}))

    assert config.created is None
    assert config.created_text == "1970-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("user", "is_root"),
    [
        ("", True),
        ("0", True),
        ("root", True),
        ("0:1000", True),
        ("root:app", True),
        ("app", False),
        ("1000", False),
        ("1000:0", False),
        ("00x", False),
    ],
)
def test_tells_who_runs_as_root(user: str, is_root: bool):
    assert parse_config(encode({"config": {"User": user}})).runs_as_root is is_root


@pytest.mark.parametrize("content", [b"", b"[]", b"null", b"apiVersion: v1", b"x" * 9_000_000])
def test_refuses_what_is_no_object(content: bytes):
    with pytest.raises(InvalidDocumentError):
        parse_config(content)


def test_joins_history_and_layers():
    layer = Descriptor("", Digest.of(b"1"), 1)
    config = parse_config(encode(DOCUMENT))

    steps, is_paired = join_history(config, (layer,))

    assert is_paired
    assert steps == (
        Step(1, config.history[0], layer, "sha256:1"),
        Step(None, config.history[1], None),
    )


@given(JUNK_BYTES)
def test_raises_nothing_but_its_error(content: bytes):
    try:
        config = parse_config(content)
    except InvalidDocumentError:
        return

    assert all(getattr(config, field.name) is not None for field in fields(config)[1:])


@given(JUNK)
def test_takes_anything_inside(value: object):
    config = ImageConfig.from_document({"config": {"Env": value, "Healthcheck": value}})

    assert config.created == EMPTY.created
