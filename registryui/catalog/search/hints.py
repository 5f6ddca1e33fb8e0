"""What else a text in the search box may be: apps above this one say, by adding a function."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Hint:
    """Another page that knows what was typed."""

    text: str = field(metadata={"help": "What it seems to be, a sentence."})
    link: str = field(metadata={"help": "What the link says."})
    url: str = field(metadata={"help": "Where it leads."})
    is_message: bool = field(
        default=False, metadata={"help": "Whether it is what a program said, and no name."}
    )


# Each looks at what was typed. Added when the apps are made ready, only read afterwards.
hints: list[Callable[[str], Hint | None]] = []


def hint_for(text: str) -> Hint | None:
    """Return the first hint that one of them has."""
    return next((hint for each in hints if text and (hint := each(text))), None)
