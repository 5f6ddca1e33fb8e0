"""What a rule would do now, worked out while somebody waits: within a bounded time."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse

from registryui.accounts.access import Access
from registryui.catalog.visibility import visible
from registryui.deletion.models.retention import RetentionRule
from registryui.deletion.retention.deciding import Decider, Decision
from registryui.deletion.retention.reading import repositories_of
from registryui.deletion.retention.sentences import why_in_own_language

SECONDS = 2.5
MOST_REPOSITORIES = 100
MOST_TAGS = 50


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """What becomes of one tag."""

    name: str = field(metadata={"help": "The tag."})
    digest: str = field(metadata={"help": "Where it points."})
    goes: bool = field(metadata={"help": "Whether it goes."})
    why: str = field(metadata={"help": "Why it goes or stays."})

    @classmethod
    def build(cls, *, name: str, digest: str, goes: bool, why: str) -> "VerdictRow":
        """Read what was decided, and written down in English."""
        return cls(name, digest, goes, why_in_own_language(why, goes=goes))


@dataclass(frozen=True, slots=True)
class RepositoryPreview:
    """What would become of one repository."""

    registry: str = field(metadata={"help": "Its registry's name in addresses."})
    repository: str = field(metadata={"help": "Its name."})
    url: str = field(metadata={"help": "Address of its tags."})
    going_count: int = field(metadata={"help": "How many tags go."})
    staying_count: int = field(metadata={"help": "How many tags that the rule is about stay."})
    untagged_count: int = field(metadata={"help": "How many manifests without tags go."})
    freed_bytes: int = field(metadata={"help": "What garbage collection can free afterwards."})
    skipped: str = field(metadata={"help": "Why it is left alone; empty if it is not."})
    held: str = field(metadata={"help": "Why it would wait to be confirmed; empty if not."})
    verdicts: tuple[VerdictRow, ...] = field(
        metadata={"help": f"The first {MOST_TAGS} tags that go, then the first that stay."}
    )


@dataclass(frozen=True, slots=True)
class RetentionPreview:
    """What a rule would do now to the repositories one may see."""

    repository_count: int = field(metadata={"help": "Repositories that the rule is about."})
    looked_at: int = field(metadata={"help": "So many there was time for; the sums are of them."})
    going_count: int = field(metadata={"help": "How many tags go."})
    staying_count: int = field(metadata={"help": "How many tags that the rule is about stay."})
    untagged_count: int = field(metadata={"help": "How many manifests without tags go."})
    skipped_count: int = field(metadata={"help": "Repositories that are left alone."})
    held_count: int = field(metadata={"help": "Repositories that would wait to be confirmed."})
    freed_bytes: int = field(metadata={"help": "What garbage collection can free afterwards."})
    repositories: tuple[RepositoryPreview, ...] = field(
        metadata={"help": f"The first {MOST_REPOSITORIES}, those in which most goes before others."}
    )

    @property
    def is_complete(self) -> bool:
        """Whether there was time for all."""
        return self.looked_at == self.repository_count


def preview_of(
    rule: RetentionRule,
    access: Access,
    *,
    now: datetime,
    clock: Callable[[], float] = time.monotonic,
) -> RetentionPreview:
    """Decide over as many repositories as there is time for; what one may not see does not count.

    A dry run decides over all of them.
    """
    rows = repositories_of(rule.registry, rule.repository).filter(visible(access)).order_by("name")
    decider, end = Decider(rule, now=now), clock() + SECONDS
    decisions: list[Decision] = []
    for repository in rows.iterator(chunk_size=200):
        decisions.append(decider.decide(repository))
        if clock() >= end:
            break
    total = len(decisions) if clock() < end else rows.count()
    return _summed(decisions, total)


def _summed(decisions: list[Decision], total: int) -> RetentionPreview:
    told = [each for each in decisions if each.verdicts or each.skipped or each.untagged]
    told.sort(key=lambda each: (-len(each.going), -each.untagged, each.repository))
    return RetentionPreview(
        repository_count=total,
        looked_at=len(decisions),
        going_count=sum(len(each.going) for each in decisions),
        staying_count=sum(each.staying_count for each in decisions),
        untagged_count=sum(each.untagged for each in decisions),
        skipped_count=sum(bool(each.skipped) for each in decisions),
        held_count=sum(bool(each.held) for each in decisions),
        freed_bytes=sum(each.freed_bytes for each in decisions),
        repositories=tuple(_row(each) for each in told[:MOST_REPOSITORIES]),
    )


def _row(decision: Decision) -> RepositoryPreview:
    return RepositoryPreview(
        registry=decision.registry,
        repository=decision.repository,
        url=reverse("tag-list", args=[decision.registry, decision.repository]),
        going_count=len(decision.going),
        staying_count=decision.staying_count,
        untagged_count=decision.untagged,
        freed_bytes=decision.freed_bytes,
        skipped=decision.skipped,
        held=decision.held,
        verdicts=_verdicts(decision),
    )


def _verdicts(decision: Decision) -> tuple[VerdictRow, ...]:
    staying = [each for each in decision.verdicts if not each.goes]
    return tuple(
        VerdictRow.build(name=each.name, digest=each.digest, goes=each.goes, why=each.why)
        for each in (*decision.going[:MOST_TAGS], *staying[:MOST_TAGS])
    )
