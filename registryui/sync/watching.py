"""What is watched of a registry: names to visit, and patterns that admit names found elsewhere."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from registryui import sources
from registryui.accounts.pattern import ANY, matches
from registryui.catalog.models import Registry, Repository
from registryui.connections import UndeclaredRegistryError, declaration_of
from registryui.declarations import Declaration
from registryui.oci.reference import namespace_of
from registryui.sync.bulk import insert_missing
from registryui.sync.known import in_lookups
from registryui.sync.models import WatchedName

LISTED = Repository.FoundBy.LIST


@dataclass(frozen=True, slots=True)
class Watched:
    """Exact names, and patterns."""

    names: frozenset[str] = frozenset()
    patterns: tuple[str, ...] = ()

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Watched":
        """Tell names and patterns apart."""
        everything = sorted(set(texts))
        return cls(
            names=frozenset(text for text in everything if ANY not in text),
            patterns=tuple(text for text in everything if ANY in text),
        )

    def __bool__(self) -> bool:
        """Whether anything is watched."""
        return bool(self.names or self.patterns)

    def admits(self, name: str) -> bool:
        """Say whether a name that came from elsewhere is wanted: all are while no pattern is."""
        if not self.patterns or name in self.names:
            return True
        return any(matches(pattern, name) for pattern in self.patterns)


def watched_in(registry: Registry, trial: Declaration | None = None) -> Watched:
    """Return what the settings and the administrators want to see of a registry.

    Of one that is only being tried, as ``trial`` declares it, nothing is stored.
    """
    if trial is not None:
        return Watched.of(sources.whole_name(text, trial.url) for text in trial.repositories)
    typed = WatchedName.objects.filter(registry=registry).values_list("text", flat=True)
    return Watched.of([*declared_texts(registry), *typed])


def declared_texts(registry: Registry) -> tuple[str, ...]:
    """Return what the settings say, in full names."""
    try:
        texts = declaration_of(registry.slug).repositories
    except UndeclaredRegistryError:
        return ()
    return tuple(sources.whole_name(text, registry.base_url) for text in texts)


def lists_itself(registry: Registry) -> bool:
    """Say whether the registry has a catalog, as far as is known."""
    return registry.list_source == sources.AUTO and registry.has_catalog is not False


def watch(registry: Registry, texts: Iterable[str], *, by: str, now: datetime) -> list[str]:
    """Watch more; return what was not watched before, in full names."""
    wanted = {sources.whole_name(text, registry.base_url) for text in texts}
    with transaction.atomic():
        new = sorted(wanted - set(declared_texts(registry)))
        rows = [(registry.pk, text, by, now) for text in new]
        columns = ("registry_id", "text", "added_by", "added_at")
        added = insert_missing(WatchedName, columns, rows, returning=("text",))
        recount(registry)
    return sorted(text for (text,) in added)


def stop_watching(row: WatchedName, *, now: datetime) -> None:
    """Watch something no longer; what only this had brought is gone from the index."""
    with transaction.atomic():
        row.delete()
        recount(row.registry)
        drop_unwatched(row.registry, watched_in(row.registry), now=now)


def recount(registry: Registry) -> None:
    """Note on the registry's row how much is watched."""
    watched = watched_in(registry)
    registry.watched_count = len(watched.names) + len(watched.patterns)
    registry.save(update_fields=["watched_count"])


def add_repositories(
    registry: Registry, names: Iterable[str], found_by: Repository.FoundBy, *, now: datetime
) -> None:
    """Make these repositories known that are not; nobody has visited them yet."""
    rows = [_new_row(registry, name, found_by, now) for name in sorted(names)]
    if rows:
        insert_missing(Repository, tuple(rows[0]), [tuple(row.values()) for row in rows])


def find_watched(registry: Registry, watched: Watched, *, now: datetime) -> list[int]:
    """Return the row ids of the names that are watched, each made known; also those once gone."""
    add_repositories(registry, watched.names, Repository.FoundBy.WATCHED, now=now)
    found: list[int] = []
    for part in in_lookups(watched.names):
        known = Repository.objects.in_registry(registry).filter(name__in=part)
        gone = known.filter(state=Repository.State.GONE)
        gone.exclude(found_by=Repository.FoundBy.WATCHED).update(
            found_by=Repository.FoundBy.WATCHED
        )
        found += known.order_by("name").values_list("pk", flat=True)
    return found


def discover(registry: Registry, name: str, *, now: datetime) -> bool:
    """Make a repository known that a push has named; False where nobody wants to see it.

    Of a registry with a catalog all are wanted; of others those that a pattern admits.
    """
    if lists_itself(registry):
        add_repositories(registry, [name], LISTED, now=now)
        return True
    if not watched_in(registry).admits(name):
        return False
    pushed = Repository.FoundBy.NOTIFICATION
    add_repositories(registry, [name], pushed, now=now)
    gone = Repository.objects.in_registry(registry).filter(name=name, state=Repository.State.GONE)
    gone.update(found_by=pushed)
    return True


def drop_unwatched(registry: Registry, watched: Watched, *, now: datetime) -> None:
    """Take those for gone that no list has, and that nobody wants to see any more."""
    rows = Repository.objects.in_registry(registry).exclude(state=Repository.State.GONE)
    others = rows.exclude(found_by=LISTED).values_list("pk", "name", "found_by")
    mark_gone(
        [
            key
            for key, name, found_by in others
            if name not in watched.names
            and not (
                watched.admits(name)
                and (watched.patterns or found_by == Repository.FoundBy.NOTIFICATION)
            )
        ],
        now=now,
    )


def mark_gone(repositories: Iterable[int], *, now: datetime) -> None:
    """Take repositories for gone, by row id."""
    for part in in_lookups(repositories):
        Repository.objects.filter(pk__in=part).update(
            state=Repository.State.GONE, changed_at=now, last_error="", last_error_at=None
        )


def _new_row(
    registry: Registry, name: str, found_by: Repository.FoundBy, now: datetime
) -> dict[str, object]:
    return {
        "registry_id": registry.pk,
        "name": name,
        "namespace": namespace_of(name),
        "state": str(Repository.State.ACTIVE),
        "tag_count": 0,
        "stored_bytes": 0,
        "newest_tag": "",
        "platforms": "",
        "description": "",
        "found_by": str(found_by),
        "first_seen_at": now,
        "changed_at": now,
        "last_error": "",
    }
