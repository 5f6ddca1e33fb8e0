"""An image's history: what each step of its building was, and which layer it made."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from registryui.oci.annotations import parse_time
from registryui.oci.descriptor import Descriptor
from registryui.oci.document import Document, flag_of, text_of

VERBS = frozenset(
    {"ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL"}
    | {"MAINTAINER", "ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"}
)

# "/bin/sh -c ", "/bin/bash -o pipefail -c ", "cmd /S /C ": bounded, as the text is hostile.
_SHELL = (
    r"(?:(?:/(?:\w{1,20}/){0,4})?(?:ba|da|a|z|k)?sh(?: -\w{1,9}(?: pipefail)?){0,4}? -\w{0,8}c"
    r"|(?:cmd|cmd\.exe) /[Ss] /[Cc]|(?:powershell|pwsh)(?: -\w{1,20}){0,4}? -[Cc]ommand) "
)
# The classic builder marks what ran nothing: "/bin/sh -c #(nop)  CMD [\"sh\"]".
_NOTHING_RAN = re.compile(rf"{_SHELL}[^#]{{0,200}}#\(nop\)\s*")
# "RUN |1 ARG=value /bin/sh -c make # buildkit": the count and the values of build arguments.
_RAN = re.compile(rf"(?:RUN )?(?:\|[0-9]{{1,4}} (?P<arguments>.{{0,4000}}?))?{_SHELL}", re.DOTALL)
_BUILDKIT_COMMENT = re.compile(r"\s*# buildkit\s*\Z")


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One step of the building, oldest first in an image; everything is the builder's claim."""

    created: datetime | None = None
    created_by: str = ""
    author: str = ""
    comment: str = ""
    is_empty_layer: bool = False

    @classmethod
    def from_document(cls, document: object) -> Self:
        """Read an entry of a config's history; what has a wrong type is empty."""
        entry: Document = document if isinstance(document, dict) else {}
        return cls(
            created=parse_time(entry.get("created")),
            created_by=text_of(entry, "created_by"),
            author=text_of(entry, "author"),
            comment=text_of(entry, "comment"),
            is_empty_layer=flag_of(entry, "empty_layer"),
        )

    @property
    def instruction(self) -> str:
        """The step as a Dockerfile has it, for display: "RUN apt-get update"."""
        text = self.created_by.strip()
        nothing_ran = _NOTHING_RAN.match(text)
        if nothing_ran:
            return text[nothing_ran.end() :]
        text = text[: _comment_start(text)]
        ran = _RAN.match(text)
        return f"RUN {text[ran.end() :].strip()}" if ran else text

    @property
    def build_arguments(self) -> str:
        """The build arguments that a command ran with, as the builder wrote them: "A=1 B=2"."""
        ran = _RAN.match(self.created_by.strip())
        return (ran["arguments"] or "").strip() if ran else ""

    @property
    def words(self) -> tuple[str, str]:
        """The instruction's keyword, "RUN", and the rest of it.

        The keyword is "" when a tool other than a Dockerfile made the step. Take both at once:
        reading a hostile instruction takes up to a millisecond, and an image may have a thousand.
        """
        instruction = self.instruction
        first = instruction.partition(" ")[0]
        verb = first if first in VERBS else ""
        return verb, instruction[len(verb) :].strip()


def _comment_start(text: str) -> int:
    comment = _BUILDKIT_COMMENT.search(text, max(0, len(text) - 100))
    return comment.start() if comment else len(text)


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the page "how it was built": an entry of the history, a layer, or both.

    `number` counts the layers from 1, the oldest; None for a step that made none.
    """

    number: int | None
    entry: HistoryEntry | None
    layer: Descriptor | None
    diff_id: str = ""


def pair_with_layers(
    history: Sequence[HistoryEntry], layers: Sequence[Descriptor], diff_ids: Sequence[str]
) -> tuple[tuple[Step, ...], bool]:
    """Put the layers beside the steps that made them, and tell whether that was possible.

    Steps marked as empty have no layer; the others must be as many as the layers. If not (squashed
    images, builders that write no history) nothing is guessed: all steps come first without
    layers, then all layers without steps. Diff ids are given only when there is one per layer.
    """
    ids = diff_ids if len(diff_ids) == len(layers) else [""] * len(layers)
    made = [
        Step(number, None, layer, diff_id)
        for number, (layer, diff_id) in enumerate(zip(layers, ids, strict=True), start=1)
    ]
    if sum(not entry.is_empty_layer for entry in history) != len(layers):
        return (*(Step(None, entry, None) for entry in history), *made), False
    remaining = iter(made)
    return tuple(_step(entry, remaining) for entry in history), True


def _step(entry: HistoryEntry, remaining: Iterator[Step]) -> Step:
    return (
        Step(None, entry, None) if entry.is_empty_layer else replace(next(remaining), entry=entry)
    )
