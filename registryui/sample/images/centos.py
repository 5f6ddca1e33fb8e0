"""library/centos: Docker manifest lists of a distribution whose releases have ended."""

from registryui.sample.builder import index, retag
from registryui.sample.images.recipe import MIB, Recipe, base, classic, material
from registryui.sample.registry import SampleRegistry

REPOSITORY = "library/centos"
PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

# Release, when it was built, how large its layer is, the platforms, and the tags.
RELEASES = [
    ("6.10", "2019-03-05T20:20:14.118Z", 24.4, ["amd64"], ["6", "6.10", "centos6"]),
    (
        "7.9.2009",
        "2021-09-15T18:20:23.998Z",
        29.2,
        ["amd64", "arm64/v8", "ppc64le"],
        ["7", "7.9.2009", "centos7", "centos7.9.2009"],
    ),
    ("7.8.2003", "2020-05-05T21:20:34.417Z", 28.9, ["amd64"], ["7.8.2003", "centos7.8.2003"]),
    (
        "8.4.2105",
        "2021-09-15T18:20:05.184Z",
        30.1,
        ["amd64", "arm64/v8"],
        ["8", "8.4.2105", "centos8", "latest"],
    ),
    ("stream8", "2024-05-20T09:12:44.201Z", 27.6, ["amd64"], ["stream8"]),
    ("stream9", "2026-10-12T06:01:12.730Z", 25.8, ["amd64", "arm64/v8", "s390x"], ["stream9"]),
]


def push_centos(registry: SampleRegistry) -> None:
    for release, created, size, architectures, tags in RELEASES:
        children = [
            centos(release, created, size, f"linux/{name}").push(registry, REPOSITORY, docker=True)
            for name in architectures
        ]
        digest = index(registry, REPOSITORY, tags[0], children=children, docker=True)
        for tag in tags[1:]:
            retag(registry, REPOSITORY, tag, digest)


def centos(release: str, created: str, size: float, platform: str = "linux/amd64") -> Recipe:
    """One release for one platform."""
    machine = platform.removeprefix("linux/").replace("/", "-")
    files = {"etc/centos-release": f"CentOS Linux release {release}\n".encode(), "etc/": b""}
    root = material(f"centos-{release}-{machine}", int(size * MIB), files)
    labels = {
        "org.label-schema.schema-version": "1.0",
        "org.label-schema.name": "CentOS Base Image",
        "org.label-schema.vendor": "CentOS",
        "org.label-schema.license": "GPLv2",
        "org.label-schema.build-date": created[:10].replace("-", ""),
    }
    words = " ".join(f"{key}={value}" for key, value in labels.items())
    return base(
        created,
        classic(f"ADD file:{root.diff_id.encoded} in / ", root),
        classic(f"LABEL {words}"),
        classic('CMD ["/bin/bash"]'),
        runtime={"Env": [PATH], "Cmd": ["/bin/bash"], "Labels": labels},
        platform=platform,
    )


def centos7() -> Recipe:
    """Build the release that most other images here are based on."""
    release, created, size, _, _ = RELEASES[1]
    return centos(release, created, size)
