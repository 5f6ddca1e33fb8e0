"""What a real builder writes into a history, turned back into a file that builds the same again."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from registryui.oci.config import ImageConfig
from registryui.oci.descriptor import Descriptor
from registryui.oci.digest import Digest
from registryui.oci.dockerfile import dockerfile_of
from tests.container.buildah import Buildah

pytestmark = pytest.mark.container

FIRST = """\
FROM scratch
COPY sh /bin/sh
CMD ["/bin/sh"]
"""
SECOND = """\
FROM localhost/first:1
ARG VERSION=1
ENV GREETING="good day" A=b
LABEL org.x="y z" maintainer="Somebody"
EXPOSE 80 90/udp
VOLUME /data
WORKDIR /app
COPY unknown-file /app/notes.txt
ADD unknown-file /app/more.txt
USER 1000:1000
RUN make all && make install && echo "a && b"
SHELL ["/bin/sh", "-ec"]
RUN make check
RUN ["/bin/sh", "x"]
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s CMD /bin/sh check
ONBUILD RUN echo hi
ENTRYPOINT ["/bin/sh"]
CMD ["-c", "true"]
"""
INSTRUCTIONS = [line.split(" ")[0] for line in SECOND.splitlines()]


@pytest.fixture
def context(tmp_path: Path) -> Path:
    """Return a directory with a shell that does nothing, for images that have nothing else."""
    source = tmp_path / "sh.c"
    source.write_text("int main(void) { return 0; }\n")
    subprocess.run(["cc", "-static", "-o", tmp_path / "sh", source], check=True)
    (tmp_path / "unknown-file").write_text("notes\n")
    return tmp_path


def build(buildah: Buildah, context: Path, text: str, name: str, *, layers: bool = True) -> Any:
    """Build a Dockerfile; return what buildah knows of the image, in Docker's words."""
    path = context / "Dockerfile"
    path.write_text(text)
    options = ["--pull-never", "--format=docker", f"--layers={str(layers).lower()}"]
    buildah.run(
        "build",
        *options,
        buildah.policy(),
        "--quiet",
        "--tag",
        name,
        f"--file={path}",
        str(context),
    )
    return json.loads(buildah.run("inspect", "--type=image", name))["Docker"]


def turned_back(image: Any) -> Any:
    """Turn an image's history back; as many layers as it has, whatever they are."""
    config = ImageConfig.from_document(image)
    layers = [
        Descriptor("application/vnd.oci.image.layer.v1.tar", Digest.parse(each), 1)
        for each in config.diff_ids
    ]
    return dockerfile_of(config, layers)


@pytest.mark.parametrize("layers", [True, False], ids=["a layer each", "one layer"])
def test_builds_the_same_again(buildah: Buildah, context: Path, layers: bool):
    build(buildah, context, FIRST, "localhost/first:1", layers=layers)
    image = build(buildah, context, SECOND, "localhost/second:1", layers=layers)

    made = turned_back(image)
    again = build(buildah, context, made.text, "localhost/second:2", layers=layers)

    verbs = [each.text.split(" ")[0] for each in made.instructions if each.text]
    assert verbs == INSTRUCTIONS
    assert made.instructions[0].text == "FROM localhost/first:1"
    assert again["config"] == image["config"]
    assert len(again["rootfs"]["diff_ids"]) == len(image["rootfs"]["diff_ids"])
