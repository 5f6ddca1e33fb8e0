"""Image configs: what a container of the image would run, and how it was built."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from registryui.oci.annotations import parse_time
from registryui.oci.descriptor import Descriptor
from registryui.oci.document import (
    Document,
    Pairs,
    list_of,
    load_object,
    names_of,
    object_of,
    pairs_of,
    text_of,
    texts_of,
)
from registryui.oci.history import HistoryEntry, Step, pair_with_layers
from registryui.oci.platform import Platform

__all__ = [
    "MAX_CONFIG_BYTES",
    "HistoryEntry",
    "ImageConfig",
    "Step",
    "join_history",
    "parse_config",
]

MAX_CONFIG_BYTES = 8 * 1024 * 1024
_ROOT = frozenset({"", "0", "root"})


@dataclass(frozen=True, slots=True)
class ImageConfig:
    """The config blob of an image (OCI image-spec, config.md); all of it the builder's claim.

    `created` is None for a reproducible build's "no date"; `created_text` is what was written.
    `environment` has the names in their order, a repeated name as often as it was written.
    `diff_ids` are the digests of the uncompressed layers, oldest first, as written.
    """

    created: datetime | None
    created_text: str
    author: str
    platform: Platform
    user: str
    entrypoint: tuple[str, ...]
    command: tuple[str, ...]
    environment: Pairs
    working_dir: str
    exposed_ports: tuple[str, ...]
    volumes: tuple[str, ...]
    labels: Pairs
    stop_signal: str
    healthcheck: tuple[str, ...]
    on_build: tuple[str, ...]
    shell: tuple[str, ...]
    diff_ids: tuple[str, ...]
    history: tuple[HistoryEntry, ...]

    @classmethod
    def from_document(cls, document: Document) -> Self:
        """Read a config; any field may be null, missing or of a wrong type and is then empty."""
        run = object_of(document, "config")
        return cls(
            created=parse_time(document.get("created")),
            created_text=text_of(document, "created"),
            author=text_of(document, "author"),
            platform=Platform.from_document(document),
            user=text_of(run, "User"),
            entrypoint=texts_of(run, "Entrypoint"),
            command=texts_of(run, "Cmd"),
            environment=_environment(run),
            working_dir=text_of(run, "WorkingDir"),
            exposed_ports=names_of(run, "ExposedPorts"),
            volumes=names_of(run, "Volumes"),
            labels=pairs_of(run, "Labels"),
            stop_signal=text_of(run, "StopSignal"),
            healthcheck=texts_of(object_of(run, "Healthcheck"), "Test"),
            on_build=texts_of(run, "OnBuild"),
            shell=texts_of(run, "Shell"),
            diff_ids=texts_of(object_of(document, "rootfs"), "diff_ids"),
            history=tuple(map(HistoryEntry.from_document, list_of(document, "history"))),
        )

    @property
    def runs_as_root(self) -> bool:
        """Whether its containers start as root: no user, or user 0, whatever the group."""
        return self.user.partition(":")[0] in _ROOT


def parse_config(content: bytes) -> ImageConfig:
    """Read the bytes of an image's config; raise InvalidDocumentError for what is no object.

    Call it only for the config of an image: the image-spec forbids parsing one of unknown type.
    """
    return ImageConfig.from_document(load_object(content, max_bytes=MAX_CONFIG_BYTES))


def join_history(
    config: ImageConfig, layers: Sequence[Descriptor]
) -> tuple[tuple[Step, ...], bool]:
    """Put a manifest's layers beside the config's history; see `pair_with_layers`."""
    return pair_with_layers(config.history, layers, config.diff_ids)


def _environment(run: Document) -> Pairs:
    pairs = (text.partition("=") for text in texts_of(run, "Env"))
    return tuple((name, value) for name, _, value in pairs)
