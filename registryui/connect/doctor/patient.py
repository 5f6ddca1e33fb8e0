"""The registry under examination, and what earlier looks learned for later ones."""

from dataclasses import dataclass, field
from datetime import datetime

from registryui.audit.api import Actor
from registryui.catalog.models import Registry, Repository
from registryui.declarations import Declaration
from registryui.distribution.certificates import Certificate
from registryui.distribution.client import RegistryClient
from registryui.distribution.examining import Examination, Greeting
from registryui.oci.manifest import Manifest


@dataclass(slots=True)
class Patient:
    """One registry during one examination.

    ``certificate`` and ``greeting`` are those of the last look; ``names``, ``tag`` and
    ``manifest`` are what a registry turned out to hold. ``trial`` is how one is declared that is
    only being tried: its row is not stored.
    """

    registry: Registry
    client: RegistryClient
    actor: Actor
    with_deletion: bool
    now: datetime
    trial: Declaration | None = None
    certificate: Certificate | None = None
    greeting: Greeting | None = None
    names: tuple[str, ...] = ()
    repository: str = ""
    tag: str = ""
    manifest: Manifest | None = None
    examination: Examination = field(init=False)

    def __post_init__(self) -> None:
        self.examination = Examination(self.client)

    def candidates(self, most: int) -> tuple[str, ...]:
        """Return repositories to try: those the index found tags in last, then the catalog's."""
        known: tuple[str, ...] = ()
        if self.registry.pk is not None:  # one that is only being tried has no index
            rows = Repository.objects.in_registry(self.registry).holding_images()
            known = tuple(rows.order_by("-changed_at").values_list("name", flat=True)[:most])
        return tuple(dict.fromkeys((*known, *self.names)))[:most]
