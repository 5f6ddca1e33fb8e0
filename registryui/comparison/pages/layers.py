"""Which layers two images share: their first ones, and others anywhere."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from registryui.comparison.pages.sides import Opened
from registryui.oci.config import Step, join_history
from registryui.oci.descriptor import Descriptor

BAR_WIDTH = 1000
LEAST_WIDTH = 3
FIRST, SHARED, OWN = "FIRST", "SHARED", "OWN"
_COLOURS = {FIRST: 0, SHARED: 0, OWN: 1}


@dataclass(frozen=True, slots=True)
class ComparedLayer:
    """One layer of one of the two."""

    number: int = field(metadata={"help": "Its place, counted from 1, the lowest."})
    digest: str = field(metadata={"help": "Its digest, as it is stored."})
    size_bytes: int = field(metadata={"help": "Compressed."})
    state: str = field(
        metadata={"help": "FIRST if all up to it are the same in both; SHARED or OWN."}
    )
    verb: str = field(metadata={"help": "RUN, COPY …; empty if the builder wrote none."})
    instruction: str = field(metadata={"help": "The rest of the instruction."})


@dataclass(frozen=True, slots=True)
class BarPart:
    """One layer in a bar."""

    x: int = field(metadata={"help": "Where it begins, in thousandths of the larger image."})
    width: int = field(metadata={"help": "How wide it is, in thousandths of the larger image."})
    colour: int = field(metadata={"help": "0 in both images; 1 and 2 its own, in turn."})
    title: str = field(metadata={"help": "What it is, in words."})


@dataclass(frozen=True, slots=True)
class LayersCompared:
    """The layers of two images."""

    first_ones: int = field(metadata={"help": "How many of the first layers are the same."})
    first_bytes: int = field(metadata={"help": "How large these are, compressed."})
    others: int = field(metadata={"help": "How many others of the second the first has, too."})
    other_bytes: int = field(metadata={"help": "How large these are, compressed."})
    added: int = field(metadata={"help": "How many only the second has."})
    added_bytes: int = field(
        metadata={"help": "How large these are: what who has the first pulls."}
    )
    removed: int = field(metadata={"help": "How many only the first has."})
    removed_bytes: int = field(metadata={"help": "How large these are, compressed."})
    first: tuple[ComparedLayer, ...] = field(metadata={"help": "The first one's, oldest first."})
    second: tuple[ComparedLayer, ...] = field(metadata={"help": "The second one's, oldest first."})
    first_bar: tuple[BarPart, ...] = field(metadata={"help": "The first one's, to scale."})
    second_bar: tuple[BarPart, ...] = field(metadata={"help": "The second one's, to scale."})


def layers_compared(first: Opened, second: Opened) -> LayersCompared | None:
    """Compare layers; None if one of the two has none, as an artifact."""
    ours, theirs = _digests(first), _digests(second)
    if not ours or not theirs:
        return None
    first_ones = _common(ours, theirs)
    left = _layers(first, first_ones, set(theirs))
    right = _layers(second, first_ones, set(ours))
    largest = max(_bytes(left), _bytes(right), 1)
    return LayersCompared(
        first_ones=first_ones,
        first_bytes=_bytes(left, FIRST),
        others=_count(right, SHARED),
        other_bytes=_bytes(right, SHARED),
        added=_count(right, OWN),
        added_bytes=_bytes(right, OWN),
        removed=_count(left, OWN),
        removed_bytes=_bytes(left, OWN),
        first=left,
        second=right,
        first_bar=_bar(left, largest),
        second_bar=_bar(right, largest),
    )


def _digests(opened: Opened) -> list[str]:
    return [str(layer.digest) for layer in _descriptors(opened)]


def _descriptors(opened: Opened) -> Sequence[Descriptor]:
    return opened.document.layers if opened.document else ()


def _common(first: Sequence[str], second: Sequence[str]) -> int:
    """Return how many are the same, from the beginning."""
    pairs = enumerate(zip(first, second, strict=False))
    shorter = min(len(first), len(second))
    return next((number for number, (left, right) in pairs if left != right), shorter)


def _layers(opened: Opened, first_ones: int, others: set[str]) -> tuple[ComparedLayer, ...]:
    layers = _descriptors(opened)
    steps, is_pair = join_history(opened.config, layers) if opened.config else ((), False)
    by_number = {step.number: step for step in steps} if is_pair else {}
    return tuple(
        _layer(number, layer, by_number.get(number), _state(number, layer, first_ones, others))
        for number, layer in enumerate(layers, start=1)
    )


def _state(number: int, layer: Descriptor, first_ones: int, others: set[str]) -> str:
    if number <= first_ones:
        return FIRST
    return SHARED if str(layer.digest) in others else OWN


def _layer(number: int, layer: Descriptor, step: Step | None, state: str) -> ComparedLayer:
    verb, instruction = step.entry.words if step and step.entry else ("", "")
    return ComparedLayer(
        number=number,
        digest=str(layer.digest),
        size_bytes=layer.size_bytes,
        state=state,
        verb=verb,
        instruction=instruction,
    )


def _count(layers: Sequence[ComparedLayer], state: str) -> int:
    return len({layer.digest for layer in layers if layer.state == state})


def _bytes(layers: Sequence[ComparedLayer], state: str = "") -> int:
    """Add up different layers, each once, as a pull does."""
    sizes = {each.digest: each.size_bytes for each in layers if state in ("", each.state)}
    return sum(sizes.values())


def _bar(layers: Sequence[ComparedLayer], largest: int) -> tuple[BarPart, ...]:
    parts, at, own = [], 0, 0
    for layer in {layer.digest: layer for layer in layers}.values():
        x, at = at, at + layer.size_bytes
        own += layer.state == OWN
        start = BAR_WIDTH * x // largest
        width = max(LEAST_WIDTH, BAR_WIDTH * at // largest - start)
        title = f"{layer.number}: {layer.verb} {layer.instruction}"[:120].replace(":  ", ": ")
        parts.append(
            BarPart(
                min(start, BAR_WIDTH - LEAST_WIDTH),
                width,
                _COLOURS[layer.state] and 2 - own % 2,
                title,
            )
        )
    return tuple(parts)
