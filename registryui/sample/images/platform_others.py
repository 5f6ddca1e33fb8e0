"""The other images of platform/: nightly builds, zstd, squashed, nested and incomplete ones."""

from datetime import date, timedelta

from registryui.oci import media_types
from registryui.oci.digest import Digest
from registryui.sample.archives import filler
from registryui.sample.builder import image, index, retag, zstd_layer
from registryui.sample.images.recipe import KIB, MIB, Recipe, buildkit, material
from registryui.sample.images.ubuntu import ubuntu
from registryui.sample.registry import SampleRegistry

NIGHTS = 14


def push_platform_others(registry: SampleRegistry, today: date) -> None:
    _push_nightlies(registry, today)
    _push_worker(registry)
    _push_squashed(registry)
    _push_many_layers(registry)
    _push_bundle(registry)
    _push_sparse(registry)


def _push_nightlies(registry: SampleRegistry, today: date) -> None:
    """Push builds of the last fortnight: the same day always gives the same image."""
    for age in reversed(range(NIGHTS)):
        day = today - timedelta(days=age)
        tag = f"nightly-{day:%Y%m%d}"
        digest = _web(tag, f"{day:%Y-%m-%d}T02:15:07Z").push(registry, "platform/web", tag)
        retag(registry, "platform/web", "nightly", digest)


def _web(name: str, created: str) -> Recipe:
    server = material("web-server", int(3.1 * MIB))
    pages = material(f"web-{name}", 86 * KIB, {"srv/www/index.html": b"<!doctype html>\n"})
    return ubuntu("24.04").then(
        created,
        buildkit("RUN apt-get update && apt-get install -y nginx-light", server),
        buildkit("COPY /dist /srv/www", pages),
        buildkit("EXPOSE map[80/tcp:{}]"),
        buildkit('CMD ["nginx" "-g" "daemon off;"]'),
        runtime={
            "Cmd": ["nginx", "-g", "daemon off;"],
            "ExposedPorts": {"80/tcp": {}},
            "Labels": {
                "org.opencontainers.image.source": "https://git.example/platform/web",
                "org.opencontainers.image.version": name,
                "maintainer": "web-team",
            },
        },
    )


def _push_worker(registry: SampleRegistry) -> None:
    """Layers in zstd, on top of a base in gzip."""
    for version, created in [("0.9.0", "2026-06-30T11:00:45Z"), ("0.10.0", "2026-09-02T08:12:33Z")]:
        files = {"app/worker": filler(int(1.9 * MIB), f"worker-{version}")}
        program = zstd_layer(files, name=f"worker-{version}")
        recipe = ubuntu("24.04").then(
            created,
            buildkit("COPY /out/worker /app/worker", program),
            buildkit("USER nobody"),
            buildkit('ENTRYPOINT ["/app/worker"]'),
            runtime={"Entrypoint": ["/app/worker"], "Cmd": None, "User": "nobody"},
        )
        recipe.push(registry, "platform/worker", version)


def _push_squashed(registry: SampleRegistry) -> None:
    """One layer, while the history still tells of the five that were squashed into it."""
    commands = [
        "#(nop) ADD file:ubuntu-22.04 in / ",
        "apt-get update",
        "apt-get install -y postgresql-client",
        "rm -rf /var/cache",
        "#(nop) COPY dir:migrations in /srv/migrations ",
    ]
    history = [
        {"created": "2025-03-08T10:00:00Z", "created_by": f"/bin/sh -c {command}"}
        for command in commands
    ]
    image(
        registry,
        "platform/migrations",
        "3",
        layers=[material("squashed", int(2.4 * MIB))],
        config={
            "created": "2025-03-08T10:02:17Z",
            "history": history,
            "config": {"Cmd": ["migrate", "--all"], "User": "0"},
        },
    )


def _push_many_layers(registry: SampleRegistry) -> None:
    steps = [
        buildkit(f"COPY /models/part-{number:02} /models/", material(f"part-{number:02}", size))
        for number, size in enumerate(1 + number**3 * 29 for number in range(39))
    ]
    recipe = ubuntu("24.04").then(
        "2026-02-11T19:45:00Z", *steps, runtime={"Cmd": ["serve-models"], "WorkingDir": "/models"}
    )
    recipe.push(registry, "platform/forty-layers", "1.0.0")


def _push_bundle(registry: SampleRegistry) -> None:
    """Push an index of indexes: one per variant of a product."""
    variants = []
    for variant in ("server", "desktop"):
        children = [
            _variant(variant, platform).push(registry, "platform/bundle")
            for platform in ("amd64", "arm64/v8")
        ]
        annotations = {"org.opencontainers.image.title": f"The {variant} variant"}
        variants.append(
            index(registry, "platform/bundle", variant, children=children, annotations=annotations)
        )
    index(registry, "platform/bundle", "all", children=variants)


def _variant(variant: str, platform: str) -> Recipe:
    machine = platform.partition("/")[0]
    program = material(f"bundle-{variant}-{machine}", 410 * KIB)
    return ubuntu("24.04", platform).then(
        "2026-07-28T12:40:18Z",
        buildkit(f"COPY /out/{variant} /usr/local/bin/", program),
        buildkit(f'ENTRYPOINT ["/usr/local/bin/{variant}"]'),
        runtime={"Entrypoint": [f"/usr/local/bin/{variant}"], "Cmd": None, "User": "app"},
    )


def _push_sparse(registry: SampleRegistry) -> None:
    """Push an index of which one platform has not been mirrored."""
    child = _variant("mirror", "amd64").push(registry, "platform/sparse")
    missing = {
        "mediaType": media_types.OCI_MANIFEST,
        "digest": str(Digest.of(b"a manifest that nobody mirrored")),
        "size": 1_462,
        "platform": {"architecture": "riscv64", "os": "linux"},
    }
    index(registry, "platform/sparse", "1", children=[child, missing])
