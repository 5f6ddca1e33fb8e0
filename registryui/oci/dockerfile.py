"""Dockerfiles: an image's history turned back into instructions, as far as it allows."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from registryui.oci.config import ImageConfig, join_history
from registryui.oci.descriptor import Descriptor
from registryui.oci.history import HistoryEntry, Step
from registryui.oci.instructions import written

# buildah notes the base beside the first step, and an intermediate image beside each further one.
_FROM = re.compile(r"FROM (?P<name>[^\s\"'`$\\]{1,500})")
_INTERMEDIATE = re.compile(r"[0-9a-f]{12}")
_NAME = re.compile(r"[A-Za-z0-9][\w.:/@+-]{0,500}", re.ASCII)
_MOST_SHOWN = 500

HEAD = "Read from the history of the image: it is what the builder wrote, and nobody checked it."
SOURCES = (
    "The files that COPY and ADD took are not in the image by these names: "
    "the builder wrote where they came from, or only a checksum."
)
STAGES = (
    "Earlier stages of a build leave no history: COPY --from names them, nothing tells their steps."
)
SECRETS = "What mounts, secrets and .dockerignore were is not recorded."
NO_PAIRS = (
    "The history and the layers do not pair up, so that no instruction is known to have made one."
)
NO_BASE = (
    "No base is known: if there is one, its steps are here, too, as if all began from nothing."
)
UNDIVIDED = (
    "It says that it is based on {name}, but not which of these steps are the base's: "
    "all are here, as if they began from nothing."
)
BORDER = (
    "Instructions without a layer at the beginning may be the base's: "
    "only its layers are known for certain."
)


@dataclass(frozen=True, slots=True)
class Base:
    """What an image is based on: its name for FROM, and what is known of its own steps.

    ``layers`` is how many of the image's first layers are the base's, 0 if that is not known.
    """

    name: str
    history: tuple[HistoryEntry, ...] = ()
    layers: int = 0


@dataclass(frozen=True, slots=True)
class Instruction:
    """An instruction with the comments above it; without a text it is only comments.

    `number` counts the layers of the image from 1; None if this made none.
    """

    text: str
    comments: tuple[str, ...] = ()
    number: int | None = None
    layer: Descriptor | None = None

    @property
    def lines(self) -> tuple[str, ...]:
        """Its lines as a Dockerfile has them, comments first."""
        comments = (f"# {each}" for each in self.comments)
        return (*comments, *(self.text.split("\n") if self.text else ()))


@dataclass(frozen=True, slots=True)
class Dockerfile:
    """What could have built an image; ``notes`` say at the top what cannot be known.

    ``base_steps`` counts the steps that are left out, as FROM stands for them.
    """

    notes: tuple[str, ...]
    instructions: tuple[Instruction, ...]
    directives: tuple[str, ...] = ()
    base_steps: int = field(default=0)

    @property
    def head(self) -> tuple[str, ...]:
        """The lines at its top."""
        return (*self.directives, *(f"# {each}" for each in self.notes))

    @property
    def text(self) -> str:
        """The whole file."""
        lines = [line for each in self.instructions for line in each.lines]
        return "\n".join([*self.head, "", *lines, ""])


def dockerfile_of(
    config: ImageConfig, layers: Sequence[Descriptor], base: Base | None = None
) -> Dockerfile:
    """Turn an image's history back into a Dockerfile."""
    steps, pair = join_history(config, layers)
    name, count, border = _division(steps, base, is_paired=pair)
    escape = "`" if config.platform.os == "windows" else "\\"
    first = Instruction(f"FROM {name}" if count else "FROM scratch")
    own = [_instruction(step, config, escape) for step in steps[count:]]
    if own and own[0].text.startswith("FROM "):
        first = own.pop(0)
    return Dockerfile(
        notes=tuple(_notes(own, name, is_divided=bool(count), border=border, is_paired=pair)),
        instructions=(first, *own),
        directives=("# escape=`",) if escape == "`" else (),
        base_steps=count,
    )


def _division(
    steps: Sequence[Step], base: Base | None, *, is_paired: bool
) -> tuple[str, int, bool]:
    """Return the base's name, how many of the first steps are its, and whether that is unsure."""
    name = base.name if base and _NAME.fullmatch(base.name) else ""
    at, noted = _noted(steps)
    name = name or noted
    if base and name and (count := _common(steps, base.history)):
        return name, count, False
    if base and name and base.layers and is_paired:
        numbers = [step.number or 0 for step in steps]
        if base.layers in numbers:
            return name, numbers.index(base.layers) + 1, True
    if noted and at:
        step = steps[at]
        is_whole = at + 1 == len(steps) and step.number is not None
        return name, _after_layer(steps, at) if is_whole else at, is_whole
    return name, 0, False


def _common(steps: Sequence[Step], history: Sequence[HistoryEntry]) -> int:
    """Return how long the base's history is, if the image's begins with it."""
    entries = [step.entry for step in steps[: len(history)]]
    is_same = len(entries) == len(history) and all(
        mine is not None
        and (mine.created_by, mine.is_empty_layer, mine.created)
        == (its.created_by, its.is_empty_layer, its.created)
        for mine, its in zip(entries, history, strict=True)
    )
    return len(history) if is_same else 0


def _noted(steps: Sequence[Step]) -> tuple[int, str]:
    """Return the last step beside which buildah notes a base by name, and that name."""
    for at in range(len(steps) - 1, -1, -1):
        entry = steps[at].entry
        found = _FROM.fullmatch(entry.comment.strip()[:_MOST_SHOWN]) if entry else None
        if found and not _INTERMEDIATE.fullmatch(found["name"]) and _NAME.fullmatch(found["name"]):
            return at, found["name"]
    return 0, ""


def _after_layer(steps: Sequence[Step], at: int) -> int:
    """Return the first step after the layer below: buildah makes one layer of a whole file."""
    while at and steps[at - 1].number is None:
        at -= 1
    return at


def _instruction(step: Step, config: ImageConfig, escape: str) -> Instruction:
    entry = step.entry
    if entry is None:
        layer = str(step.layer.digest) if step.layer else ""
        return Instruction("", (f"No history tells what made {layer}",), step.number, step.layer)
    made = written(entry, config, escape=escape)
    if made is None:
        return Instruction("", (_odd(entry),), step.number, step.layer)
    return Instruction(made.text, made.remarks, step.number, step.layer)


def _odd(entry: HistoryEntry) -> str:
    said = " ".join((entry.created_by or entry.comment).split())
    if not said:
        return "The builder does not say what it did here"
    cut = f"{said[:_MOST_SHOWN]}…" if len(said) > _MOST_SHOWN else said
    return f"No instruction of a Dockerfile did this: {cut}"


def _notes(
    own: Sequence[Instruction], name: str, *, is_divided: bool, border: bool, is_paired: bool
) -> Iterator[str]:
    yield HEAD
    if any(each.text.startswith(("COPY ", "ADD ")) for each in own):
        yield SOURCES
    if any(each.text.startswith("COPY --from") for each in own):
        yield STAGES
    yield SECRETS
    if not is_paired:
        yield NO_PAIRS
    if not is_divided:
        yield UNDIVIDED.format(name=name) if name else NO_BASE
    elif border:
        yield BORDER
