"""Images that are hard to show: hostile texts, no date, no tags left, schema 1, Windows."""

from registryui.sample.archives import filler
from registryui.sample.builder import image, index, layer, retag, schema1
from registryui.sample.images.recipe import KIB, MIB, Recipe, buildkit, material
from registryui.sample.registry import SampleRegistry

LAYERS_OF_WINDOWS = "https://layers.example/windows"


def push_oddities(registry: SampleRegistry) -> None:
    _push_hostile(registry)
    _push_undated(registry)
    _push_retired(registry)
    _push_legacy(registry)
    _push_windows(registry)


def _push_hostile(registry: SampleRegistry) -> None:
    """Every text that a page must show and must not obey."""
    labels = {
        "org.opencontainers.image.title": "<script>alert('title')</script>",
        "org.opencontainers.image.description": '"><img src=x onerror=alert(1)>{{ 7*7 }}{% now %}',
        "org.opencontainers.image.source": "javascript:alert(document.domain)",
        "org.opencontainers.image.url": "data:text/html,<script>alert(1)</script>",
        "org.opencontainers.image.documentation": "https://user:secret@docs.example/",
        "org.opencontainers.image.licenses": "MIT\u202e0.2-ehcapA\u202c \u2066hidden\u2069",
        "<b onmouseover=alert(1)>a key</b>": "a value",
        "hx-get": "/accounts/logout/",
        "nul": "before\u0000after",
        "escape": "\u001b[31mred\u001b[0m\u0007",
        "zero-width": "pass\u200bword\ufeff",
        "long": "A very long value without a break. " * 1_500,
        "unbroken": "x" * 4_000,
        "formula": '=HYPERLINK("https://evil.example","click")',
        "": "a label without a name",
    }
    hostile = "/bin/sh -c #(nop) ADD <script>alert('history')</script> \u202etxt.exe"
    image(
        registry,
        "xymtest/hostile",
        "latest",
        layers=[layer({"etc/motd": b"hello\n"})],
        config={
            "created": "9999-12-31T23:59:59Z",
            "author": "<marquee>nobody</marquee>",
            "config": {
                "Labels": labels,
                "Env": ["EMPTY=", "NO_EQUALS_SIGN", "MARKUP=<u>&amp;</u>", "TOKEN=made-up-secret"],
                "User": "'; DROP TABLE catalog_tag; --",
                "Entrypoint": ["sh", "-c", "echo \"$(id)\" && exec '<script>'"],
                "ExposedPorts": {"<80>/tcp": {}},
            },
            "history": [{"created": "0001-01-01T00:00:00Z", "created_by": hostile}],
        },
        annotations={key: value for key, value in labels.items() if len(value) < 200},
    )


def _push_undated(registry: SampleRegistry) -> None:
    """Reproducible builds, which give every image the same date."""
    for tag, created in [("1.4.0", "1970-01-01T00:00:00Z"), ("buildpack", "1980-01-01T00:00:01Z")]:
        program = material(f"static-proxy-{tag}", 740 * KIB)
        image(
            registry,
            "edge/static-proxy",
            tag,
            layers=[program],
            config={
                "created": created,
                "author": "ko",
                "history": [{"created": created, "created_by": "ko build", "author": "ko"}],
                "config": {"Entrypoint": ["/ko-app/static-proxy"], "User": "65532"},
            },
        )
    digest = image(registry, "edge/static-proxy", config={"created": "0001-01-01T00:00:00Z"})
    retag(registry, "edge/static-proxy", "zero", digest)


def _push_retired(registry: SampleRegistry) -> None:
    """Leave a repository that is still listed though its last tag was deleted."""
    image(registry, "attic/retired", "1.0")
    registry.store.open("attic/retired").untag("1.0")


def _push_legacy(registry: SampleRegistry) -> None:
    layers = [
        layer({"bin/sh": filler(640 * KIB, "busybox")}, "#(nop) ADD file:busybox in /"),
        layer({"srv/hello.txt": b"Hello from 2015\n"}, "echo Hello from 2015 > /srv/hello.txt"),
    ]
    config = {"config": {"Cmd": ["cat", "/srv/hello.txt"], "Env": ["PATH=/bin"]}}
    schema1(registry, "legacy/hello", "2015", layers=layers, config=config)


def _push_windows(registry: SampleRegistry) -> None:
    """Two versions of Windows: their base layers are foreign, so not in the registry."""
    builds = [("10.0.17763.6414", "ltsc2019"), ("10.0.20348.2762", "ltsc2022")]
    children = [
        _windows(*build).push(registry, "tools/powershell", docker=True) for build in builds
    ]
    index(registry, "tools/powershell", "7.4-windows", children=children, docker=True)


def _windows(build: str, name: str) -> Recipe:
    root = material(f"windows-{name}", 29 * MIB).foreign(f"{LAYERS_OF_WINDOWS}/{name}")
    shell = material(f"powershell-{name}", int(5.2 * MIB), {"Files/pwsh.exe": b"MZ"})
    blank = Recipe("", (), platform="windows/amd64", more={"os.version": build})
    return blank.then(
        "2026-07-14T03:20:00Z",
        buildkit(f"Apply image {build}", root),
        buildkit("RUN Expand-Archive pwsh.zip", shell),
        runtime={"Cmd": ["pwsh.exe"], "User": "ContainerUser", "WorkingDir": "C:\\"},
    )
