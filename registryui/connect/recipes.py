"""A text to paste, with what it does and where it belongs."""

from collections.abc import Callable
from dataclasses import dataclass, field

from registryui.connect.target import Target


@dataclass(frozen=True, slots=True)
class Recipe:
    """One text to paste."""

    title: str = field(metadata={"help": "What it does."})
    text: str = field(metadata={"help": "Commands for a shell, or a file's content."})
    where: str = field(default="", metadata={"help": "The file it belongs in; empty: a shell."})
    note: str = field(default="", metadata={"help": "What to know about it."})


# For programs that do not ask by themselves; in the same way for bash and zsh.
ASK_PASSWORD = "printf 'Password: ' && read -rs PASSWORD"  # noqa: S105

Recipes = tuple[Recipe, ...]
Writer = Callable[[Target], Recipes]


@dataclass(frozen=True, slots=True)
class Tool:
    """One client: how its commands and its settings are written."""

    key: str
    title: str
    steps: Writer
    plain_http: Writer
    authority: Writer
    certificate: Writer
    mirror: Writer


def nothing(target: Target) -> Recipes:
    """Write nothing, where a client has no such setting."""
    return ()


def lines(*written: str) -> str:
    """Return lines as one text."""
    return "\n".join(written)


def words(*parts: str) -> str:
    """Return one command out of its words, empty ones left out."""
    return " ".join(part for part in parts if part)
