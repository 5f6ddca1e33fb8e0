"""What an explanation of a message is."""

import re
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Remedy:
    """What to do about it, with one program or at one place."""

    where: str = field(metadata={"help": "The program or place; empty if it is the same for all."})
    text: str = field(metadata={"help": "What to do there."})


@dataclass(frozen=True, slots=True)
class Explanation:
    """One kind of message: ``example`` is how a client words it, ``pattern`` finds it in a text."""

    key: str
    example: str
    pattern: str
    cause: str
    remedies: tuple[Remedy, ...]

    def is_meant_by(self, text: str) -> bool:
        """Say whether the text contains such a message."""
        return re.search(self.pattern, text, re.IGNORECASE) is not None


def fix(*pairs: tuple[str, str]) -> tuple[Remedy, ...]:
    """Write remedies as pairs of where and what."""
    return tuple(Remedy(where, text) for where, text in pairs)
