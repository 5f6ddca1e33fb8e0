"""What the steps of one operation share: the registry, and what is known of the repository."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from registryui.catalog.models import Registry, Repository
from registryui.connections import client_for, writer_for
from registryui.deletion.execution.ties import Ties
from registryui.deletion.models import KeptManifest, Operation, Step
from registryui.distribution.client import RegistryClient
from registryui.distribution.writer import RegistryWriter

# Some registries answer from a copy that is a moment behind: how long to wait before each look.
LOOKS = (0.0, 0.5, 2.0)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What was found when the operation began; ``protected`` is of the step that is next.

    ``tags`` are those that the registry listed, with where they pointed. ``refusals`` and
    ``falling`` are what a new plan says: which tags stay and why, which manifests go; they are None
    for an operation that was begun before, half of which is done.
    """

    tags: Mapping[str, str] = field(default_factory=dict)
    refusals: Mapping[str, str] | None = None
    falling: frozenset[str] | None = None
    protected: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Work:
    """One operation under way; ``repository`` is None when the index does not know it."""

    operation: Operation
    registry: Registry
    repository: Repository | None
    clock: Callable[[], datetime]
    ties: Ties
    outlook: Outlook = field(default_factory=Outlook)

    @property
    def name(self) -> str:
        """The repository's name."""
        return self.operation.repository

    @property
    def client(self) -> RegistryClient:
        """What reads the registry."""
        return client_for(self.registry)

    @property
    def writer(self) -> RegistryWriter:
        """What changes it, asked for anew each time: raises ReadOnlyError."""
        return writer_for(self.registry)

    def with_outlook(self, outlook: Outlook) -> "Work":
        """Return the same with what was found."""
        return replace(self, outlook=outlook)

    def find(self, reference: str) -> str | None:
        """Ask the registry where a tag points now, or whether a digest is there; None if not."""
        digest = self.client.find_manifest(self.name, reference)
        return None if digest is None else str(digest)

    def find_after(self, reference: str, *, until: str | None) -> str | None:
        """Look again until it is as it should be after a change, and return what is there."""
        at: str | None = None
        for seconds in LOOKS:
            time.sleep(seconds)
            at = self.find(reference)
            if at == until:
                break
        return at

    def kept(self, digest: str) -> KeptManifest | None:
        """Return the exact bytes of a manifest that the operation keeps."""
        return self.operation.kept_manifests.filter(digest=digest).first()


@dataclass(frozen=True, slots=True)
class Task:
    """One step under way; ``is_again`` says that a worker died over it."""

    work: Work
    step: Step
    is_again: bool
