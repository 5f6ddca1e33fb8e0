"""library/ubuntu: OCI indexes of four platforms, with BuildKit's attestations in both forms."""

from typing import Literal

from registryui.oci.digest import Digest
from registryui.sample.builder import attestation, index, retag
from registryui.sample.images import claims
from registryui.sample.images.recipe import MIB, Recipe, base, classic, material
from registryui.sample.placing import Document
from registryui.sample.registry import SampleRegistry

REPOSITORY = "library/ubuntu"
SOURCE = "https://git.example/images/ubuntu"
PLATFORMS = {"amd64": 1.0, "arm/v7": 0.91, "arm64/v8": 0.95, "s390x": 0.97}  # by their weight

# Version, name, when it was built, MiB on amd64, and the other tags.
RELEASES = [
    ("20.04", "focal", "2022-12-09T01:20:31.321Z", 26.3, ["focal-20221130"]),
    ("22.04", "jammy", "2025-06-17T09:41:08.654Z", 28.2, ["jammy-20250611"]),
    ("24.04", "noble", "2026-01-16T09:18:57.120Z", 28.4, ["noble-20260113", "latest", "rolling"]),
]
PACKAGES = {
    "bash": "5.2.21-2ubuntu4",
    "coreutils": "9.4-3ubuntu6",
    "dpkg": "1.22.6ubuntu6.1",
    "libc6": "2.39-0ubuntu8.4",
    "openssl": "3.0.13-0ubuntu3.5",
    "tar": "1.35+dfsg-3build1",
    "zlib1g": "1:1.3.dfsg-3.1ubuntu2.1",
}


def push_ubuntu(registry: SampleRegistry) -> None:
    for version, name, created, _, tags in RELEASES:
        images = [ubuntu(version, platform).push(registry, REPOSITORY) for platform in PLATFORMS]
        children: list[Digest | Document] = [*images]
        if version != "20.04":
            children += [_attested(registry, digest, version, created) for digest in images]
        annotations = {"org.opencontainers.image.version": version}
        digest = index(registry, REPOSITORY, version, children=children, annotations=annotations)
        for tag in [name, *tags]:
            retag(registry, REPOSITORY, tag, digest)


def ubuntu(version: str, platform: str = "amd64") -> Recipe:
    """One release for one platform: a single layer that was added whole."""
    _, name, created, size, _ = next(release for release in RELEASES if release[0] == version)
    weight = int(size * PLATFORMS[platform] * MIB)
    files = {
        "etc/os-release": f'NAME="Ubuntu"\nVERSION_ID="{version}"\nVERSION="{name}"\n'.encode(),
        "etc/hostname": b"ubuntu\n",
    }
    root = material(f"ubuntu-{version}-{platform.replace('/', '-')}", weight, files)
    labels = {
        "org.opencontainers.image.ref.name": "ubuntu",
        "org.opencontainers.image.version": version,
    }
    return base(
        created,
        classic("ARG RELEASE"),
        classic("ARG LAUNCHPAD_BUILD_ARCH"),
        classic("LABEL org.opencontainers.image.ref.name=ubuntu"),
        classic(f"LABEL org.opencontainers.image.version={version}"),
        classic(f"ADD file:{root.diff_id.encoded} in / ", root),
        classic('CMD ["/bin/bash"]'),
        runtime={
            "Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
            "Cmd": ["/bin/bash"],
            "Labels": labels,
        },
        platform=f"linux/{platform}",
    )


def _attested(
    registry: SampleRegistry, digest: Digest, version: str, created: str
) -> dict[str, object]:
    form: Literal["image", "artifact"] = "artifact" if version == "24.04" else "image"
    revision = Digest.of(version.encode()).encoded[:40]
    build = {"source": SOURCE, "revision": revision, "built": created, "base": "scratch:latest"}
    provenance = (
        {claims.PROVENANCE: claims.provenance(**build)}
        if form == "artifact"
        else {claims.PROVENANCE_OLD: claims.provenance_old(**build)}
    )
    bill = {claims.SBOM: claims.sbom(f"ubuntu-{version}", PACKAGES, created=created)}
    return attestation(registry, REPOSITORY, digest, predicates={**provenance, **bill}, form=form)
