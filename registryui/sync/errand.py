"""Why and how repositories are visited."""

from dataclasses import dataclass
from datetime import datetime

from registryui.catalog.models import TagMove
from registryui.distribution.client import RegistryClient
from registryui.sync.fetch import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What all visits of one run have in common.

    ``chunk`` is how many things one job asks for; ``batch`` how many tags are read and held in
    memory before they are written; ``deadline`` as in Source. Unless ``is_full``, tags that the
    index has already are not looked at again, except those in ``again``. Where the registry counts
    what is fetched, ``reserve`` percent of that are left alone.
    """

    client: RegistryClient
    now: datetime
    reason: TagMove.Source = TagMove.Source.SYNC
    chunk: int = 8
    batch: int = 200
    deadline: float | None = None
    is_full: bool = True
    again: frozenset[str] = frozenset()
    reserve: int = 0

    def source(self, repository: str) -> Source:
        """Return the repository as the jobs see it."""
        return Source(self.client, repository, self.deadline, reserve=self.reserve)
