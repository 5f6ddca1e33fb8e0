"""How an image was built: its layers, drawn to scale beside the instruction that made each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import Count

from registryui.accounts.access import Access
from registryui.catalog.models import Layer, Manifest, Repository
from registryui.oci.config import HistoryEntry, ImageConfig, Step, join_history
from registryui.oci.descriptor import Descriptor
from registryui.oci.media_types import describe, is_foreign_layer
from registryui.oci.schema1 import Schema1
from registryui.web.sentences import in_own_language

BAR_WIDTH = 1000
LEAST_WIDTH = 3
SHARED, OWN, OWN_TOO = 0, 1, 2


@dataclass(frozen=True, slots=True)
class LayerRow:
    """One step of the building: a layer, an instruction that made none, or a bare layer."""

    number: int | None = field(metadata={"help": "The layer's place from 1; none without layer."})
    digest: str = field(metadata={"help": "Of the compressed layer; empty without layer."})
    diff_id: str = field(metadata={"help": "Digest of the uncompressed layer, if known."})
    size_bytes: int | None = field(metadata={"help": "Compressed; none if there is no layer."})
    form: str = field(metadata={"help": "How the layer is packed, in words."})
    is_stored: bool = field(metadata={"help": "False for layers that the registry does not hold."})
    sharers: int = field(metadata={"help": "How many other manifests that one may see have it."})
    verb: str = field(metadata={"help": "RUN, COPY …; empty if the builder wrote none."})
    instruction: str = field(metadata={"help": "The rest of the instruction."})
    created_by: str = field(metadata={"help": "The instruction exactly as the builder wrote it."})
    comment: str = field(metadata={"help": "The builder's comment."})
    created_at: datetime | None = field(metadata={"help": "When the step says it was made."})


@dataclass(frozen=True, slots=True)
class Segment:
    """One layer in the bar."""

    x: int = field(metadata={"help": "Where it begins, in thousandths of the bar."})
    width: int = field(metadata={"help": "How wide it is, in thousandths of the bar."})
    colour: int = field(metadata={"help": "0 shared with other images; 1 and 2 its own, in turn."})
    title: str = field(metadata={"help": "What it is, in words."})


@dataclass(frozen=True, slots=True)
class LayersPart:
    """All steps of the building."""

    steps: tuple[LayerRow, ...] = field(metadata={"help": "Oldest first."})
    pair: bool = field(metadata={"help": "Whether history and layers pair up one to one."})
    count: int = field(metadata={"help": "How many layers there are."})
    largest_bytes: int = field(metadata={"help": "Size of the largest layer."})
    total_bytes: int = field(metadata={"help": "All different layers together, compressed."})
    shared_bytes: int = field(metadata={"help": "Of these, what other manifests have too."})
    bar: tuple[Segment, ...] = field(metadata={"help": "The layers as parts of one bar."})

    @classmethod
    def build(
        cls,
        row: Manifest,
        layers: Sequence[Descriptor],
        config: ImageConfig | None,
        *,
        access: Access,
    ) -> "LayersPart":
        """Join an image's layers with its history; one query finds who shares them."""
        steps, pair = join_history(config, layers) if config else (_bare(layers), False)
        sharers = _sharers(row, access)
        rows = tuple(_row(step, sharers) for step in steps)
        unique = {step.digest: step for step in rows if step.size_bytes is not None}
        return cls(
            steps=rows,
            pair=pair,
            count=len(layers),
            largest_bytes=max((step.size_bytes or 0 for step in unique.values()), default=0),
            total_bytes=sum(step.size_bytes or 0 for step in unique.values()),
            shared_bytes=sum(step.size_bytes or 0 for step in unique.values() if step.sharers),
            bar=_bar(tuple(step for step in rows if step.size_bytes)),
        )

    @classmethod
    def of_schema1(cls, legacy: Schema1) -> "LayersPart":
        """Show a schema 1 manifest's layers: each has its instruction, none a size."""
        pair = len(legacy.blobs) == len(legacy.instructions)
        entries = legacy.instructions if pair else (None,) * len(legacy.blobs)
        rows = tuple(
            _step_row(number, str(blob), entry)
            for number, (blob, entry) in enumerate(zip(legacy.blobs, entries, strict=True), start=1)
        )
        return cls(rows, pair, len(rows), 0, 0, 0, ())


def _bare(layers: Sequence[Descriptor]) -> tuple[Step, ...]:
    return tuple(Step(number, None, layer) for number, layer in enumerate(layers, start=1))


def _sharers(row: Manifest, access: Access) -> Mapping[str, int]:
    blobs = row.layers.values("blob")
    others = Layer.objects.filter(blob__in=blobs).exclude(manifest=row)
    if not access.sees_everything:
        repositories = Repository.objects.visible_to(access).values("pk")
        others = others.filter(manifest__presences__repository__in=repositories)
    counted = others.values_list("blob__digest").annotate(Count("manifest", distinct=True))
    return dict(counted)


def _row(step: Step, sharers: Mapping[str, int]) -> LayerRow:
    layer = step.layer
    digest = str(layer.digest) if layer else ""
    row = _step_row(step.number, digest, step.entry)
    if layer is None:
        return row
    return replace(
        row,
        diff_id=step.diff_id,
        size_bytes=layer.size_bytes,
        form=in_own_language(describe(layer.media_type)),
        is_stored=not is_foreign_layer(layer.media_type),
        sharers=sharers.get(digest, 0),
    )


def _step_row(number: int | None, digest: str, entry: HistoryEntry | None) -> LayerRow:
    verb, instruction = entry.words if entry else ("", "")
    return LayerRow(
        number=number,
        digest=digest,
        diff_id="",
        size_bytes=None,
        form="",
        is_stored=True,
        sharers=0,
        verb=verb,
        instruction=instruction,
        created_by=entry.created_by if entry else "",
        comment=entry.comment if entry else "",
        created_at=entry.created if entry else None,
    )


def _bar(rows: Sequence[LayerRow]) -> tuple[Segment, ...]:
    """Give each layer its width; a tiny one is still wide enough to be seen."""
    total = sum(row.size_bytes or 0 for row in rows) or 1
    widths = [max(LEAST_WIDTH, round(BAR_WIDTH * (row.size_bytes or 0) / total)) for row in rows]
    scale = BAR_WIDTH / max(sum(widths), 1)
    segments, x, own = [], 0.0, OWN_TOO
    for row, width in zip(rows, widths, strict=True):
        own = own if row.sharers else (OWN if own == OWN_TOO else OWN_TOO)
        segments.append(
            Segment(
                x=round(x),
                width=max(1, round(x + width * scale) - round(x)),
                colour=SHARED if row.sharers else own,
                title=f"{row.number}: {row.verb} {row.instruction}"[:120].replace(":  ", ": "),
            )
        )
        x += width * scale
    return tuple(segments)
