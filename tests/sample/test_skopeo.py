"""The sample registry against a real client: skopeo pulls from it and pushes to it."""

import json
import subprocess
from pathlib import Path

import pytest

from registryui.oci.digest import Digest
from registryui.sample.builder import attestation, image, index, layer, schema1, zstd_layer
from registryui.sample.registry import SampleRegistry
from registryui.sample.serving import serve

pytestmark = pytest.mark.real


def skopeo(*arguments: str) -> str:
    command = ["skopeo", "--insecure-policy", "--command-timeout", "60s", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def copied(source: SampleRegistry, target: SampleRegistry, *options: str) -> None:
    """Copy a/b:1 from one registry to c/d:2 of another."""
    with serve(source) as source_url, serve(target) as target_url:
        skopeo(
            "copy",
            "--src-tls-verify=false",
            "--dest-tls-verify=false",
            *options,
            f"docker://{source_url.removeprefix('http://')}/a/b:1",
            f"docker://{target_url.removeprefix('http://')}/c/d:2",
        )


def found(registry: SampleRegistry, repository: str, reference: str | Digest) -> bytes | None:
    manifest = registry.store.open(repository).find(reference)
    return manifest.content if manifest else None


def test_hands_over_an_image_unchanged():
    source, target = SampleRegistry(), SampleRegistry()
    digest = image(source, "a/b", "1", layers=3)

    copied(source, target, "--preserve-digests")

    assert found(target, "c/d", "2") == found(source, "a/b", digest)


def test_hands_over_a_docker_image_unchanged():
    source, target = SampleRegistry(), SampleRegistry()
    digest = image(source, "a/b", "1", layers=2, docker=True)

    copied(source, target, "--preserve-digests")

    assert found(target, "c/d", "2") == found(source, "a/b", digest)


def test_hands_over_a_zstd_layer():
    source, target = SampleRegistry(), SampleRegistry()
    digest = image(source, "a/b", "1", layers=[zstd_layer({"etc/motd": b"hello\n" * 50_000})])

    copied(source, target, "--preserve-digests")

    assert found(target, "c/d", "2") == found(source, "a/b", digest)


def test_hands_over_an_index_with_all_its_children():
    source, target = SampleRegistry(), SampleRegistry()
    children = [image(source, "a/b", platform=f"linux/{name}") for name in ("amd64", "arm64")]
    statement = attestation(source, "a/b", children[0], predicates={"https://slsa.dev/v1": {}})
    digest = index(source, "a/b", "1", children=[*children, statement])

    copied(source, target, "--all", "--preserve-digests")

    assert found(target, "c/d", "2") == found(source, "a/b", digest)
    assert all(found(target, "c/d", child) for child in children)


def test_serves_a_schema_1_image_that_can_still_be_read(tmp_path: Path):
    source = SampleRegistry()
    old = [layer({"etc/motd": b"hello\n"}, "echo hello > /etc/motd")]
    digest = schema1(source, "a/b", "1", layers=old)

    with serve(source) as url:
        address = f"docker://{url.removeprefix('http://')}/a/b@{digest}"
        skopeo("copy", "--src-tls-verify=false", address, f"dir:{tmp_path}")

    assert (tmp_path / "manifest.json").read_bytes() == found(source, "a/b", "1")


@pytest.mark.parametrize("auth", ["basic", "bearer"])
def test_lets_in_who_knows_the_password(auth):
    source, target = SampleRegistry(), SampleRegistry()
    source.switches.auth = target.switches.auth = auth
    image(source, "a/b", "1")
    credentials = f"{source.switches.username}:{source.switches.password}"

    copied(source, target, f"--src-creds={credentials}", f"--dest-creds={credentials}")

    assert found(target, "c/d", "2") == found(source, "a/b", "1")


@pytest.mark.parametrize("auth", ["basic", "bearer"])
def test_keeps_out_who_does_not(auth):
    source = SampleRegistry()
    source.switches.auth = auth
    image(source, "a/b", "1")

    with pytest.raises(subprocess.CalledProcessError) as refused:
        copied(source, SampleRegistry(), "--src-creds=reader:wrong")

    assert "nauthorized" in refused.value.stderr or "authentication" in refused.value.stderr


def test_is_read_from_and_pushed_to_as_a_directory(tmp_path: Path):
    source = SampleRegistry()
    image(source, "a/b", "1", layers=[layer({"etc/motd": b"x" * 3_000_000})])

    with serve(source) as url:
        address = f"docker://{url.removeprefix('http://')}/a/b"
        skopeo("copy", "--src-tls-verify=false", f"{address}:1", f"dir:{tmp_path}")
        skopeo("copy", "--dest-tls-verify=false", f"dir:{tmp_path}", f"{address}:again")

    assert found(source, "a/b", "again") == found(source, "a/b", "1")


def test_unpacks_to_a_file_system(tmp_path: Path):
    source = SampleRegistry()
    image(source, "a/b", "1", layers=[layer({"etc/": b"", "etc/motd": b"hello\n"})])

    with serve(source) as url:
        address = f"docker://{url.removeprefix('http://')}/a/b:1"
        skopeo("copy", "--src-tls-verify=false", address, f"oci:{tmp_path}/layout:1")
    unpack = ["umoci", "raw", "unpack", "--rootless", "--image", f"{tmp_path}/layout:1"]
    subprocess.run([*unpack, f"{tmp_path}/out"], check=True, capture_output=True)

    assert (tmp_path / "out/etc/motd").read_text() == "hello\n"


@pytest.mark.parametrize("pack", [layer, zstd_layer])
@pytest.mark.parametrize("size_bytes", [1, 0xFFFF - 1536, 1 << 17, 300_000])
def test_packs_what_other_programs_unpack(tmp_path: Path, pack, size_bytes):
    source = SampleRegistry()
    packed = pack({"srv/file": b"x" * size_bytes})
    image(source, "a/b", "1", layers=[packed])

    with serve(source) as url:
        address = f"docker://{url.removeprefix('http://')}/a/b:1"
        skopeo("copy", "--src-tls-verify=false", "--dest-decompress", address, f"dir:{tmp_path}")
    unpacked = (tmp_path / packed.diff_id.encoded).read_bytes()

    assert packed.diff_id.matches(unpacked)


def test_lists_and_inspects():
    registry = SampleRegistry()
    for tag in ("1", "2"):
        image(registry, "a/b", tag, platform="linux/arm64/v8")

    with serve(registry) as url:
        address = f"docker://{url.removeprefix('http://')}/a/b"
        listed = json.loads(skopeo("list-tags", "--tls-verify=false", address))
        command = ("--override-arch=arm64", "inspect", "--tls-verify=false", f"{address}:2")
        inspected = json.loads(skopeo(*command))

    assert listed["Tags"] == ["1", "2"]
    assert inspected["Architecture"] == "arm64"


def test_deletes():
    registry = SampleRegistry()
    image(registry, "a/b", "1")

    with serve(registry) as url:
        skopeo("delete", "--tls-verify=false", f"docker://{url.removeprefix('http://')}/a/b:1")

    assert registry.store.open("a/b").tags() == {}
