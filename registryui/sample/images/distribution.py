"""library/registry: a small program on Alpine; version 3 is signed and has a bill of materials."""

from registryui.oci import media_types
from registryui.oci.digest import Digest
from registryui.sample.builder import artifact, index, retag, signature
from registryui.sample.images import claims
from registryui.sample.images.recipe import KIB, MIB, Recipe, Step, base, buildkit, material
from registryui.sample.placing import compact
from registryui.sample.registry import SampleRegistry

REPOSITORY = "library/registry"
SOURCE = "https://git.example/distribution/distribution"
PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

# Version, Alpine's, when it was built, MiB of the program, and the tags beside the version.
RELEASES = [
    ("2.7.1", "3.11", "2020-02-27T21:14:07.202Z", 6.1, ["2.7"]),
    ("2.8.2", "3.18", "2023-05-11T22:47:11.871Z", 6.6, ["2.8.2-alpine"]),
    ("2.8.3", "3.18", "2023-10-02T19:20:09.005Z", 6.7, ["2", "2.8"]),
    ("3.0.0", "3.21", "2025-04-03T15:02:55.618Z", 15.4, ["3.0"]),
    ("3.1.1", "3.23", "2026-08-18T10:27:31.442Z", 16.2, ["3", "3.1", "latest"]),
]
# Alpine's own size in MiB, and when it was built.
ALPINES = {
    "3.11": (2.7, "2020-01-18T01:19:37.187Z"),
    "3.18": (3.2, "2023-05-09T23:11:10.132Z"),
    "3.21": (3.5, "2025-01-08T12:07:30.050Z"),
    "3.23": (3.6, "2026-06-15T19:02:44.903Z"),
}
PACKAGES = {"alpine-baselayout": "3.7.0-r0", "busybox": "1.37.0-r24", "ca-certificates": "20260712"}


def push_distribution(registry: SampleRegistry) -> None:
    for version, alpine_version, created, size, tags in RELEASES:
        children = [
            _registry(version, alpine_version, created, size, architecture).push(
                registry, REPOSITORY
            )
            for architecture in ("amd64", "arm64")
        ]
        digest = index(registry, REPOSITORY, version, children=children)
        for tag in tags:
            retag(registry, REPOSITORY, tag, digest)
        if version.startswith("3."):
            signature(registry, REPOSITORY, digest)
        if version == "3.1.1":
            _describe(registry, digest, created)


def alpine(version: str, architecture: str) -> Recipe:
    """Build the smallest of the bases."""
    size, created = ALPINES[version]
    files = {"etc/alpine-release": f"{version}.0\n".encode()}
    root = material(f"alpine-{version}-{architecture}", int(size * MIB), files)
    return base(
        created,
        buildkit(f"ADD alpine-minirootfs-{version}.0-{architecture}.tar.gz / ", root),
        buildkit('CMD ["/bin/sh"]'),
        runtime={"Env": [PATH], "Cmd": ["/bin/sh"], "WorkingDir": "/"},
        platform=f"linux/{architecture}",
    )


def _registry(
    version: str, alpine_version: str, created: str, size: float, architecture: str
) -> Recipe:
    stem = f"registry-{version}-{architecture}"
    certificates = material(f"{stem}-certificates", 290 * KIB)
    program = material(f"{stem}-program", int(size * MIB))
    config = material(f"{stem}-config", 3 * KIB, {"etc/distribution/config.yml": b"version: 0.1\n"})
    entrypoint = material(f"{stem}-entrypoint", 155, {"entrypoint.sh": b"#!/bin/sh\nset -e\n"})
    steps: list[Step] = [
        buildkit("RUN apk add --no-cache ca-certificates", certificates),
        buildkit(
            f"RUN |1 VERSION={version} ~ set -eux; wget -O registry.tar.gz "
            f"{SOURCE}/releases/v{version}.tar.gz && tar --extract -C /bin registry",
            program,
        ),
        buildkit("COPY ./config-example.yml /etc/distribution/config.yml", config),
        buildkit("VOLUME [/var/lib/registry]"),
        buildkit("EXPOSE map[5000/tcp:{}]"),
        buildkit("COPY docker-entrypoint.sh /entrypoint.sh", entrypoint),
        buildkit('ENTRYPOINT ["/entrypoint.sh"]'),
        buildkit('CMD ["/etc/distribution/config.yml"]'),
    ]
    runtime = {
        "ExposedPorts": {"5000/tcp": {}},
        "Env": [PATH, f"REGISTRY_VERSION={version}", "OTEL_TRACES_EXPORTER=none"],
        "Entrypoint": ["/entrypoint.sh"],
        "Cmd": ["/etc/distribution/config.yml"],
        "Volumes": {"/var/lib/registry": {}},
        "Labels": {
            "org.opencontainers.image.title": "Registry",
            "org.opencontainers.image.description": "The toolkit to pack, store and ship content",
            "org.opencontainers.image.source": SOURCE,
            "org.opencontainers.image.version": version,
            "org.opencontainers.image.licenses": "Apache-2.0",
        },
    }
    return alpine(alpine_version, architecture).then(created, *steps, runtime=runtime)


def _describe(registry: SampleRegistry, digest: Digest, created: str) -> None:
    bill = compact(claims.sbom("registry-3.1.1", PACKAGES, created=created))
    artifact(
        registry,
        REPOSITORY,
        artifact_type=media_types.SPDX_JSON,
        files=[("registry-3.1.1.spdx.json", media_types.SPDX_JSON, bill)],
        subject=digest,
        annotations={"org.opencontainers.image.created": created},
    )
