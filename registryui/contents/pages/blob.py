"""The page of one blob of an artifact: what it is, and its download once it was fetched."""

from dataclasses import dataclass, field

from django.conf import settings
from django.urls import reverse

from registryui.catalog.models import Manifest, Repository
from registryui.catalog.pages.parts import Link
from registryui.catalog.pull import PullCommand, blob_commands
from registryui.contents.asking import BLOB_ITSELF
from registryui.contents.copies import BLOB, Parts, copies
from registryui.contents.holding import holds
from registryui.contents.images import ImageLayer
from registryui.contents.opening import beginning_of
from registryui.contents.pages.image_files import manifest_crumbs
from registryui.contents.pages.reading import ReadingPart, reading_part
from registryui.oci.annotations import TITLE, value_of
from registryui.oci.media_types import (
    HELM_CHART,
    WASM_LAYER,
    WASM_LAYER_V1,
    describe,
    is_foreign_layer,
)
from registryui.oci.wasm import InvalidModuleError, Module, parse_module
from registryui.web.sentences import in_own_language

AWAY, READY, LARGE, FOREIGN = "AWAY", "READY", "LARGE", "FOREIGN"
LONGEST_NAME = 200
# What a module wants and offers comes before its code.
MOST_OF_MODULE = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class WasmName:
    """Something that a WebAssembly module wants or offers."""

    module: str = field(metadata={"help": "Of what is wanted, the module; empty of an offer."})
    name: str = field(metadata={"help": "Its name."})
    kind: str = field(metadata={"help": "function, table, memory, global or tag."})


@dataclass(frozen=True, slots=True)
class WasmPart:
    """What a WebAssembly module wants and offers."""

    is_component: bool = field(
        metadata={"help": "Whether it is a component, of which nothing more is read."}
    )
    wants: tuple[WasmName, ...] = field(metadata={"help": "What it needs from whoever runs it."})
    offers: tuple[WasmName, ...] = field(metadata={"help": "What can be called or used of it."})
    is_cut: bool = field(metadata={"help": "Whether there is more than what was read."})


@dataclass(frozen=True, slots=True)
class BlobPage:
    """One blob of an artifact."""

    registry: str = field(metadata={"help": "The registry's name in addresses."})
    repository: str = field(metadata={"help": "The repository's full name."})
    crumbs: tuple[Link, ...] = field(metadata={"help": "The way up."})
    manifest: str = field(metadata={"help": "The digest of the manifest that it is in."})
    digest: str = field(metadata={"help": "Its digest."})
    name: str = field(metadata={"help": "What it is called as a file."})
    form: str = field(metadata={"help": "Its media type, in words where there are some."})
    media_type: str = field(metadata={"help": "Its media type, exactly."})
    size_bytes: int = field(metadata={"help": "Its size as stored."})
    url: str = field(metadata={"help": "Address of this page; POST has it fetched."})
    state: str = field(
        metadata={
            "help": "READY; AWAY if it must be fetched first; LARGE if it is larger than what is "
            "fetched; FOREIGN if the registry does not hold it."
        }
    )
    most_bytes: int = field(metadata={"help": "The largest that is fetched."})
    download_url: str = field(metadata={"help": "Address of its bytes; empty if not READY."})
    wasm: WasmPart | None = field(
        metadata={"help": "What a WebAssembly module wants and offers; null if it is none."}
    )
    commands: tuple[PullCommand, ...] = field(metadata={"help": "How others fetch it."})
    reading: ReadingPart | None = field(
        metadata={"help": "The fetching that goes on, or the last."}
    )
    busy_url: str = field(
        metadata={"help": "Where what you had asked for before is read; empty if nothing is."}
    )

    @classmethod
    def build(
        cls, repository: Repository, row: Manifest, layer: ImageLayer, *, busy_url: str = ""
    ) -> "BlobPage":
        """Read the page from the manifest and the copies on disk."""
        descriptor, state = layer.descriptor, state_of(layer, repository)
        place = [repository.registry.slug, repository.name, row.digest, layer.digest]
        reading = reading_part(row, repository, layer=layer.digest, path=BLOB_ITSELF)
        return cls(
            registry=repository.registry.slug,
            repository=repository.name,
            crumbs=manifest_crumbs(repository, row),
            manifest=row.digest,
            digest=layer.digest,
            name=name_of(layer),
            form=in_own_language(describe(descriptor.media_type)),
            media_type=descriptor.media_type,
            size_bytes=descriptor.size_bytes,
            url=reverse("blob", args=place),
            state=state,
            most_bytes=most_bytes(),
            download_url=reverse("blob-download", args=place) if state == READY else "",
            wasm=_wasm(layer, repository) if state == READY else None,
            commands=blob_commands(
                f"{repository.registry.client_host}/{repository.name}",
                manifest=row.digest,
                blob=layer.digest,
                short=descriptor.digest.short,
            )
            if state != FOREIGN
            else (),
            reading=reading if state == AWAY else None,
            busy_url=busy_url,
        )


def most_bytes() -> int:
    """Return the size of the largest blob that is fetched: one that the disk has room for."""
    limits = (settings.FILES_BLOB_BYTES, settings.FILES_CACHE_BYTES, settings.FILES_LAYER_BYTES)
    return min(map(int, limits))


def state_of(layer: ImageLayer, repository: Repository) -> str:
    """Say whether a blob can be downloaded by who may look into this repository."""
    if is_foreign_layer(layer.descriptor.media_type):
        return FOREIGN
    if not layer.descriptor.size_bytes:
        return READY
    if copies().has(BLOB, layer.descriptor.digest.encoded) and holds(repository, layer.digest):
        return READY
    return LARGE if layer.descriptor.size_bytes > most_bytes() else AWAY


def parts_of_blob(
    layer: ImageLayer, repository: Repository, offset: int, size: int
) -> Parts | None:
    """Return a part of a blob, piece by piece; None if it has to be fetched first."""
    if not size:
        return Parts(iter(()))
    if not holds(repository, layer.digest):
        return None
    return copies().read(BLOB, layer.descriptor.digest.encoded, offset, size)


def _wasm(layer: ImageLayer, repository: Repository) -> WasmPart | None:
    descriptor = layer.descriptor
    if descriptor.media_type not in (WASM_LAYER, WASM_LAYER_V1):
        return None
    size = min(descriptor.size_bytes, MOST_OF_MODULE)
    parts = parts_of_blob(layer, repository, 0, size)
    try:
        module = parse_module(beginning_of(parts, size) if parts else b"")
    except InvalidModuleError:
        return None
    return _wasm_part(module)


def _wasm_part(module: Module) -> WasmPart:
    return WasmPart(
        is_component=module.is_component,
        wants=tuple(WasmName(each.module, each.name, each.kind) for each in module.imports),
        offers=tuple(WasmName("", each.name, each.kind) for each in module.exports),
        is_cut=module.is_cut,
    )


def name_of(layer: ImageLayer) -> str:
    """Return what a blob is called as a file, without directories."""
    title = value_of(layer.descriptor.annotations, TITLE).replace("\\", "/")
    name = title.rstrip("/").rpartition("/")[2].strip(". \t\r\n")
    if name:
        return name[:LONGEST_NAME]
    media_type = layer.descriptor.media_type
    endings = {HELM_CHART: ".tgz", "application/wasm": ".wasm", "application/json": ".json"}
    return f"{layer.descriptor.digest.short}{endings.get(media_type, '')}"
