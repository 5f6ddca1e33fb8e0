"""Rules and runs as rows of lists."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext

from registryui.deletion.models.retention import RetentionRule, RetentionRun
from registryui.deletion.retention.scheduling import SCHEDULE
from registryui.deletion.retention.sentences import sentences, where


@dataclass(frozen=True, slots=True)
class RetentionRunRow:
    """One run of a rule."""

    number: int = field(metadata={"help": "Its number."})
    url: str = field(metadata={"help": "Address of its page."})
    rule: str = field(metadata={"help": "The rule's name then."})
    is_dry: bool = field(metadata={"help": "Whether nothing was deleted."})
    state: str = field(metadata={"help": "WAITING, RUNNING, HELD, DONE, REFUSED or FAILED."})
    state_words: str = field(metadata={"help": "The same in words."})
    error: str = field(metadata={"help": "Why it was refused or failed; empty if it was not."})
    asked_by: str = field(metadata={"help": "Who asked for it: a person, or the schedule."})
    created_at: datetime = field(metadata={"help": "When it was asked for."})
    finished_at: datetime | None = field(metadata={"help": "When it ended."})
    repository_count: int = field(metadata={"help": "Repositories looked at."})
    going_count: int = field(metadata={"help": "Tags that were chosen to go."})
    staying_count: int = field(metadata={"help": "Tags that stay."})
    untagged_count: int = field(metadata={"help": "Manifests without tags that were chosen."})
    held_count: int = field(metadata={"help": "Repositories that had to wait to be confirmed."})
    skipped_count: int = field(metadata={"help": "Repositories that were left alone."})
    freed_bytes: int = field(metadata={"help": "What garbage collection can free for it."})
    is_live: bool = field(metadata={"help": "Whether it is not over yet."})

    @classmethod
    def build(cls, run: RetentionRun) -> "RetentionRunRow":
        """Read a row."""
        return cls(
            number=run.pk,
            url=run.get_absolute_url(),
            rule=run.rule_name,
            is_dry=run.is_dry,
            state=run.state,
            state_words=str(RetentionRun.State(run.state).label),
            error=run.error,
            asked_by=gettext(SCHEDULE) if run.actor_name == SCHEDULE else run.actor_name,
            created_at=run.created_at,
            finished_at=run.finished_at,
            repository_count=run.repository_count,
            going_count=run.going_count,
            staying_count=run.staying_count,
            untagged_count=run.untagged_count,
            held_count=run.held_count,
            skipped_count=run.skipped_count,
            freed_bytes=run.freed_bytes,
            is_live=run.state in (RetentionRun.State.WAITING, RetentionRun.State.RUNNING),
        )


@dataclass(frozen=True, slots=True)
class RetentionRuleRow:
    """One rule."""

    name: str = field(metadata={"help": "What people call it."})
    url: str = field(metadata={"help": "Address of its page."})
    where: str = field(metadata={"help": "Which repositories it is about, in words."})
    sentences: tuple[str, ...] = field(metadata={"help": "What it says, in words."})
    is_on: bool = field(metadata={"help": "Whether it deletes; else it is only tried."})
    schedule: str = field(metadata={"help": "When it runs if it is on, in words."})
    next_run_at: datetime | None = field(metadata={"help": "When it runs next."})
    last_run: RetentionRunRow | None = field(
        metadata={"help": "Its last run; null if there is none."}
    )

    @classmethod
    def build(cls, rule: RetentionRule) -> "RetentionRuleRow":
        """Read a row."""
        last = rule.runs.newest_first().first()
        return cls(
            name=rule.name,
            url=rule.get_absolute_url(),
            where=where(rule.settings),
            sentences=sentences(rule.settings),
            is_on=rule.is_on,
            schedule=_schedule(rule),
            next_run_at=rule.next_run_at if rule.is_on else None,
            last_run=RetentionRunRow.build(last) if last else None,
        )


def _schedule(rule: RetentionRule) -> str:
    words = str(RetentionRule.Schedule(rule.schedule).label)
    if rule.schedule == RetentionRule.Schedule.HOURLY:
        return words
    return gettext("%(schedule)s at %(hour)s:00 UTC") % {
        "schedule": words,
        "hour": f"{rule.hour:02}",
    }
