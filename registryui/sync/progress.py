"""How far a crawl has come, for whoever watches it."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """A moment of a crawl; ``total`` grows until the registry's catalog was read to its end."""

    done: int
    total: int
    is_total_known: bool
    tags: int
    failures: int
    requests: int


Report = Callable[[Progress], None]


def ignore(progress: Progress) -> None:
    """Watch nothing."""


@dataclass(frozen=True, slots=True)
class CrawlResult:
    """What a crawl did. ``error`` is about the registry as a whole, "" when it went well.

    ``failures`` are the repositories with something that could not be read. ``is_complete``: every
    repository was listed and visited.
    """

    repositories: int = 0
    tags: int = 0
    new_manifests: int = 0
    failures: int = 0
    requests: int = 0
    seconds: float = 0
    is_complete: bool = False
    error: str = ""
