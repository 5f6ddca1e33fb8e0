"""platform/api: a service with years of releases, so that a list of tags has pages."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from registryui.oci.digest import Digest
from registryui.sample.builder import attestation, index, retag, signature
from registryui.sample.images import claims
from registryui.sample.images.recipe import KIB, MIB, Recipe, buildkit, material
from registryui.sample.images.ubuntu import ubuntu
from registryui.sample.registry import SampleRegistry

REPOSITORY = "platform/api"
SOURCE = "https://git.example/platform/api"
FIRST_RELEASE = datetime(2023, 2, 6, 14, 20, 11, tzinfo=UTC)
BASES = {"1": "20.04", "2": "22.04"}  # by major version
BETWEEN_BUILDS = timedelta(days=12, hours=4, minutes=23)

# How many patches each minor version had, after how many candidates.
SERIES = {
    "1.0": (5, 3),
    "1.1": (4, 1),
    "1.2": (6, 1),
    "1.3": (3, 1),
    "1.4": (8, 2),
    "1.5": (4, 1),
    "1.6": (5, 1),
    "1.7": (3, 2),
    "1.8": (6, 1),
    "1.9": (4, 1),
    "1.10": (9, 1),
    "1.11": (3, 1),
    "2.0": (7, 4),
    "2.1": (5, 2),
    "2.2": (4, 1),
    "2.3": (6, 2),
    "2.4": (2, 3),
}


def push_platform_api(registry: SampleRegistry) -> None:
    for number, version in enumerate(_versions()):
        created = f"{FIRST_RELEASE + number * BETWEEN_BUILDS:%Y-%m-%dT%H:%M:%S.4Z}"
        if version.startswith("1."):
            digest = _api(version, created, "amd64").push(
                registry, REPOSITORY, version, docker=True
            )
        else:
            digest = _push_platforms(registry, version, created)
        for tag in _moving_tags(version):
            retag(registry, REPOSITORY, tag, digest)


def _versions() -> Iterator[str]:
    for minor, (patches, candidates) in SERIES.items():
        yield from (f"{minor}.0-rc.{number + 1}" for number in range(candidates))
        yield from (f"{minor}.{patch}" for patch in range(patches))


def _moving_tags(version: str) -> list[str]:
    """List the tags that each release takes over: 2.4.1 is 2.4, 2 and latest until the next."""
    if "-rc" in version:
        return ["next"]
    major, minor, _ = version.split(".")
    return [f"{major}.{minor}", major, "latest", "stable"]


def _push_platforms(registry: SampleRegistry, version: str, created: str) -> Digest:
    """One release of version 2: two platforms; what is no candidate is attested and signed."""
    images = [
        _api(version, created, platform).push(registry, REPOSITORY, annotations=_claims(version))
        for platform in ("amd64", "arm64/v8")
    ]
    if "-rc" in version:
        return index(registry, REPOSITORY, version, children=images)
    build = {"source": SOURCE, "revision": _revision(version), "built": created}
    predicates = {
        claims.PROVENANCE: claims.provenance(**build, base=f"library/ubuntu:{BASES[version[0]]}"),
        claims.SBOM: claims.sbom(
            f"api-{version}", {"api": version, "libc6": "2.35"}, created=created
        ),
    }
    vouched = [
        attestation(registry, REPOSITORY, digest, predicates=predicates, form="artifact")
        for digest in images
    ]
    digest = index(
        registry, REPOSITORY, version, children=[*images, *vouched], annotations=_claims(version)
    )
    if version.endswith(".0"):
        signature(registry, REPOSITORY, digest)
    return digest


def _api(version: str, created: str, platform: str) -> Recipe:
    machine = platform.partition("/")[0]
    major, minor = version.split(".")[:2]
    packages = material(f"api-{major}-{machine}-packages", int(4.6 * MIB))
    # Version 1 kept its libraries; version 2 has new ones with every minor version.
    release, grown = (major, 0) if major == "1" else (f"{major}.{minor}", int(minor) * 310 * KIB)
    libraries = material(f"api-{release}-{machine}-libraries", int(7.2 * MIB) + grown)
    program = material(
        f"api-{version}-{machine}",
        (120 + len(version) * 7) * KIB,
        {"app/VERSION": f"{version}\n".encode(), "app/config.toml": b"[server]\nport = 8080\n"},
    )
    probe = ["CMD", "curl", "--fail", "--silent", "http://127.0.0.1:8080/healthz"]
    probe_words = " ".join(f'"{word}"' for word in probe)
    return ubuntu(BASES[major], platform).then(
        created,
        buildkit("ARG VERSION"),
        buildkit(
            f"RUN |1 VERSION={version} ~ apt-get update && apt-get install -y "
            "--no-install-recommends ca-certificates curl libpq5 && rm -rf /var/lib/apt/lists/*",
            packages,
        ),
        buildkit("WORKDIR /app"),
        buildkit("COPY /venv /app/venv", libraries),
        buildkit("COPY --chown=10001:10001 . /app", program),
        buildkit("ENV PATH=/app/venv/bin:/usr/local/bin:/usr/bin:/bin API_WORKERS=4"),
        buildkit("USER 10001:10001"),
        buildkit("EXPOSE map[8080/tcp:{} 9090/tcp:{}]"),
        buildkit(f'HEALTHCHECK &{{[{probe_words}] "30s" "3s" "10s" \'\\x03\'}}'),
        buildkit('ENTRYPOINT ["/app/venv/bin/api"]'),
        buildkit('CMD ["serve" "--port=8080"]'),
        runtime={
            "User": "10001:10001",
            "ExposedPorts": {"8080/tcp": {}, "9090/tcp": {}},
            "Env": ["PATH=/app/venv/bin:/usr/local/bin:/usr/bin:/bin", "API_WORKERS=4"],
            "Entrypoint": ["/app/venv/bin/api"],
            "Cmd": ["serve", "--port=8080"],
            "WorkingDir": "/app",
            "Labels": {**_claims(version), "maintainer": "platform-team"},
            "StopSignal": "SIGTERM",
            "Healthcheck": {
                "Test": probe,
                "Interval": 30_000_000_000,
                "Timeout": 3_000_000_000,
                "StartPeriod": 10_000_000_000,
                "Retries": 3,
            },
        },
    )


def _claims(version: str) -> dict[str, str]:
    base = f"library/ubuntu:{BASES[version[0]]}"
    return {
        "org.opencontainers.image.title": "Platform API",
        "org.opencontainers.image.description": "The API that every product of ours calls",
        "org.opencontainers.image.source": SOURCE,
        "org.opencontainers.image.revision": _revision(version),
        "org.opencontainers.image.version": version,
        "org.opencontainers.image.licenses": "Apache-2.0 OR MIT",
        "org.opencontainers.image.documentation": "https://docs.example/platform/api",
        "org.opencontainers.image.base.name": f"registry.example/{base}",
    }


def _revision(version: str) -> str:
    return Digest.of(f"platform/api {version}".encode()).encoded[:40]
