"""One visit to one repository: list its tags, fetch what is new, write it down."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from django.utils.translation import gettext_noop

from registryui.catalog.models import Repository
from registryui.distribution.errors import RegistryError
from registryui.distribution.listing import Listing
from registryui.oci.version_order import version_key
from registryui.sync import fetch, known
from registryui.sync.collect import collect
from registryui.sync.crew import Plan, gather
from registryui.sync.errand import Errand
from registryui.sync.reconcile import Changes, reconcile
from registryui.sync.snapshot import Harvest, TagFailure
from registryui.sync.wording import error_of_visit
from registryui.sync.write import Conclusion, write, write_failure

logger = logging.getLogger(__name__)

# The bug is ours and in the log; the person who reads this can do nothing about it.
UNEXPECTED = gettext_noop(
    "Registry UI ran into an error it did not expect; the log says which. It tries again."
)


@dataclass(frozen=True, slots=True)
class VisitResult:
    """What came of a visit; ``error`` is a sentence, "" when all went well.

    ``is_outage`` says that the registry, not this repository, seems to be the trouble. ``kept``
    tags wait because the registry counts what is fetched; that is no error.
    """

    repository: Repository
    tag_count: int = 0
    new_manifests: int = 0
    added: int = 0
    moved: int = 0
    removed: int = 0
    kept: int = 0
    error: str = ""
    is_complete: bool = False
    is_outage: bool = False

    @property
    def has_changed(self) -> bool:
        """Whether any tag came, moved or went."""
        return bool(self.added or self.moved or self.removed)


def visit(
    repository: Repository, errand: Errand, done: Callable[[VisitResult], None]
) -> Plan[None]:
    """Visit a repository that the caller has claimed, release it, and tell ``done`` the result.

    Never raises for what a registry does; a bug of ours is logged and costs this visit only.
    """
    try:
        result = yield from _visit(repository, errand)
    except RegistryError as error:
        write_failure(repository, error.for_people, errand)
        outage = fetch.is_outage(error)
        result = VisitResult(repository, error=error.for_people, is_outage=outage)
    except Exception:
        logger.exception("The visit to %s failed", repository.name)
        write_failure(repository, UNEXPECTED, errand)
        result = VisitResult(repository, error=UNEXPECTED)
    done(result)


def _visit(repository: Repository, errand: Errand) -> Plan[VisitResult]:
    source = errand.source(repository.name)
    indexed = known.indexed_tags(repository)
    [listing] = yield from gather([partial(fetch.list_tags, source)])
    state = _State(repository, errand, indexed, listing)
    for names, is_last in _batches(_in_turn(state.names(), indexed, errand), errand.batch):
        asks = [known.ask_for(name, indexed.get(name)) for name in names]
        harvest = yield from collect(errand, repository.name, asks)
        state.take(harvest, is_last=is_last)
    return state.result()


def _in_turn(names: Iterable[str], indexed: Mapping[str, str], errand: Errand) -> Sequence[str]:
    """Put new tags first: if time runs out, or pulls, they are what somebody is waiting for.

    Of those, the newest versions first where not all of them may be had.
    """
    if errand.client.pulls.are_counted:
        names = sorted(names, key=version_key, reverse=True)
    return sorted(names, key=lambda name: name in indexed)


class _State:
    """What a visit has found so far, over all batches of tags."""

    def __init__(
        self,
        repository: Repository,
        errand: Errand,
        indexed: Mapping[str, str],
        listing: Listing,
    ) -> None:
        self._repository = repository
        self._errand = errand
        self._indexed = indexed
        self._listing = listing
        self._failures: list[TagFailure] = []
        self._new_manifests = 0
        self._added = self._moved = self._removed = 0
        self._conclusion: Conclusion | None = None

    @property
    def _is_full(self) -> bool:
        """Whether known tags are looked at again: also after trouble, to see whether it is over."""
        repository = self._repository
        is_known = repository.refreshed_at is not None and not repository.last_error
        return self._errand.is_full or not is_known or repository.kept_count > 0

    def names(self) -> Sequence[str]:
        """Return the tags to look at."""
        if self._is_full:
            return self._listing.names
        wanted = self._errand.again
        return [name for name in self._listing.names if name in wanted or name not in self._indexed]

    def take(self, harvest: Harvest, *, is_last: bool) -> None:
        """Write one batch, and with the last one also what follows from all of them."""
        removed: set[str] = set()
        if self._listing.is_complete:
            removed |= harvest.gone
            if is_last:
                removed |= self._indexed.keys() - set(self._listing.names)
        changes = reconcile(self._indexed, harvest.targets, removed=removed)
        self._note(harvest, changes)
        if is_last:
            self._conclusion = self._concluded()
        # Tags that did not change need nothing written.
        news = replace(harvest, targets=changes.targets)
        write(self._repository, news, changes, self._errand, self._conclusion)

    def result(self) -> VisitResult:
        """Return what came of the visit."""
        is_complete = self._conclusion is not None and self._conclusion.is_complete
        return VisitResult(
            self._repository,
            tag_count=len(self._listing.names),
            new_manifests=self._new_manifests,
            added=self._added,
            moved=self._moved,
            removed=self._removed,
            kept=self._kept,
            error=self._conclusion.error if self._conclusion is not None else "",
            is_complete=is_complete,
            is_outage=any(failure.reason.is_outage for failure in self._failures),
        )

    @property
    def _kept(self) -> int:
        return sum(failure.reason.is_kept for failure in self._failures)

    def _note(self, harvest: Harvest, changes: Changes) -> None:
        self._failures.extend(harvest.failures)
        self._new_manifests += len(harvest.documents)
        self._added += len(changes.appeared)
        self._moved += len(changes.moved)
        self._removed += len(changes.removed)

    def _concluded(self) -> Conclusion:
        is_cut_short = any(failure.reason.is_outage for failure in self._failures)
        return Conclusion(
            is_complete=self._is_full and self._listing.is_complete and not is_cut_short,
            error=error_of_visit(self._listing, self._failures),
            kept=self._kept,
            has_changed=bool(self._added or self._moved or self._removed),
            has_lost=bool(self._moved or self._removed),
        )


def _batches(names: Sequence[str], size: int) -> Iterator[tuple[Sequence[str], bool]]:
    """Yield the names in parts, at least one, and with each whether it is the last."""
    for start in range(0, len(names) or 1, size):
        yield names[start : start + size], start + size >= len(names)
