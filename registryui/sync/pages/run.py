"""One sync run: how far it is, what it changed, what it could not read."""

from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from registryui.catalog.pages.parts import Link
from registryui.sync.models import SyncRun

MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run."""

    url: str = field(metadata={"help": "Address of its page."})
    registry: str = field(metadata={"help": "What people call the registry."})
    registry_url: str = field(metadata={"help": "Address of the registry's repositories."})
    trigger: str = field(metadata={"help": "Why it began, in words."})
    state: str = field(metadata={"help": "RUNNING, DONE, FAILED or STOPPED."})
    is_full: bool = field(metadata={"help": "Whether known tags were looked at again, too."})
    started_at: datetime = field(metadata={"help": "When it began."})
    finished_at: datetime | None = field(metadata={"help": "When it ended; null while it runs."})
    seconds: float = field(metadata={"help": "How long it took, or takes already."})
    is_listed: bool = field(metadata={"help": "Whether all repositories to visit are known."})
    total: int = field(metadata={"help": "Repositories to visit, as far as known."})
    done: int = field(metadata={"help": "Repositories visited."})
    tags: int = field(metadata={"help": "Tags in them."})
    new_manifests: int = field(metadata={"help": "Manifests that the index did not have."})
    changed: int = field(metadata={"help": "Repositories in which a tag came, moved or went."})
    failed: int = field(metadata={"help": "Repositories with something unreadable."})
    kept: int = field(
        metadata={"help": "Tags that wait because the registry counts what is fetched."}
    )
    requests: int = field(metadata={"help": "What the registry was asked."})
    rate: float = field(metadata={"help": "Requests a second."})
    error: str = field(metadata={"help": "What was wrong with the registry as a whole."})

    @classmethod
    def build(cls, run: SyncRun, *, now: datetime) -> "RunRow":
        """Read a run whose registry is loaded with it."""
        seconds = max(((run.finished_at or now) - run.started_at).total_seconds(), 0)
        return cls(
            url=run.get_absolute_url(),
            registry=str(run.registry),
            registry_url=run.registry.get_absolute_url(),
            trigger=str(run.get_trigger_display()),
            state=run.state,
            is_full=run.is_full,
            started_at=run.started_at,
            finished_at=run.finished_at,
            seconds=round(seconds, 1),
            is_listed=run.is_listed,
            total=run.repositories_total,
            done=run.repositories_done,
            tags=run.tags,
            new_manifests=run.new_manifests,
            changed=run.changed,
            failed=run.failed,
            kept=run.kept,
            requests=run.requests,
            rate=round(run.requests / max(seconds, 0.1), 1),
            error=run.error,
        )


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """What a run found changed in one repository."""

    repository: str = field(metadata={"help": "Its name."})
    url: str = field(metadata={"help": "Address of its tags."})
    added: int = field(metadata={"help": "Tags that came."})
    moved: int = field(metadata={"help": "Tags that point elsewhere."})
    removed: int = field(metadata={"help": "Tags that went."})


@dataclass(frozen=True, slots=True)
class FailureRow:
    """What a run could not read of one repository."""

    repository: str = field(metadata={"help": "Its name."})
    url: str = field(metadata={"help": "Address of its tags."})
    error: str = field(metadata={"help": "Why, in words."})


@dataclass(frozen=True, slots=True)
class SyncRunPage:
    """One sync run."""

    url: str = field(metadata={"help": "Address of this page."})
    crumbs: tuple[Link, ...] = field(metadata={"help": "The way up."})
    run: RunRow = field(metadata={"help": "How it stands."})
    is_live: bool = field(
        metadata={"help": "Whether it goes on, so that looking again is worth it."}
    )
    changes: tuple[ChangeRow, ...] = field(metadata={"help": "What changed; at most 100."})
    failures: tuple[FailureRow, ...] = field(metadata={"help": "What failed; at most 100."})

    @classmethod
    def build(cls, run: SyncRun, *, now: datetime) -> "SyncRunPage":
        """Read the page."""
        slug = run.registry.slug
        changes = run.changes.order_by("repository")[:MOST_SHOWN]
        failures = run.failures.order_by("repository")[:MOST_SHOWN]
        return cls(
            url=run.get_absolute_url(),
            crumbs=(Link(_("Sync"), reverse("sync-list")),),
            run=RunRow.build(run, now=now),
            is_live=run.state == SyncRun.State.RUNNING,
            changes=tuple(
                ChangeRow(
                    each.repository,
                    reverse("tag-list", args=[slug, each.repository]),
                    each.added,
                    each.moved,
                    each.removed,
                )
                for each in changes
            ),
            failures=tuple(
                FailureRow(
                    each.repository, reverse("tag-list", args=[slug, each.repository]), each.error
                )
                for each in failures
            ),
        )
