"""How an operation stands, said so that a failure never looks like a success."""

from dataclasses import dataclass, field

from django.db.models import Count

from registryui.deletion.models import Operation, Step
from registryui.deletion.wording import counted

_WELL = {Step.State.DONE.value, Step.State.GONE.value}
_LEFT = {Step.State.WAITING.value, Step.State.RUNNING.value}


@dataclass(frozen=True, slots=True)
class StateCount:
    """How many steps are in one state."""

    state: str = field(metadata={"help": "The state."})
    words: str = field(metadata={"help": "The same in words."})
    count: int = field(metadata={"help": "How many steps are in it."})


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an operation stands as a whole."""

    state: str = field(metadata={"help": "WAITING, RUNNING, STOPPING, DONE, PARTLY or FAILED."})
    words: str = field(metadata={"help": "The same in words."})
    summary: str = field(metadata={"help": "What came of it, in a sentence."})
    total: int = field(metadata={"help": "How many steps there are."})
    over: int = field(metadata={"help": "How many are over, whatever came of them."})
    well: int = field(metadata={"help": "How many did what they should, or found it done."})
    counts: tuple[StateCount, ...] = field(metadata={"help": "The steps by their states."})

    @property
    def is_live(self) -> bool:
        """Whether it goes on, so that looking again is worth it."""
        return self.state in ("WAITING", "RUNNING", "STOPPING")

    @classmethod
    def of(cls, operation: Operation) -> "Outcome":
        """Count the steps of an operation: one query."""
        rows = Step.objects.filter(operation=operation).values_list("state")
        return cls.build(operation, dict(rows.annotate(count=Count("pk"))))

    @classmethod
    def build(cls, operation: Operation, found: dict[str, int]) -> "Outcome":
        """Read an operation, its steps counted by state."""
        total = sum(found.values())
        well = sum(count for state, count in found.items() if state in _WELL)
        left = sum(count for state, count in found.items() if state in _LEFT)
        state = _state(operation, total=total, well=well)
        return cls(
            state=state,
            words=_WORDS[state],
            summary=_summary(state, total=total, over=total - left, well=well),
            total=total,
            over=total - left,
            well=well,
            counts=tuple(
                StateCount(each.value, str(each.label), found[each.value])
                for each in Step.State
                if found.get(each.value)
            ),
        )


_WORDS = {
    "WAITING": "waiting",
    "RUNNING": "under way",
    "STOPPING": "stopping",
    "DONE": "done",
    "PARTLY": "partly done",
    "FAILED": "not done",
}


def _state(operation: Operation, *, total: int, well: int) -> str:
    if operation.finished_at is None:
        if operation.is_stop_asked:
            return "STOPPING"
        return "RUNNING" if operation.started_at else "WAITING"
    if well == total:
        return "DONE"
    return "PARTLY" if well else "FAILED"


def _summary(state: str, *, total: int, over: int, well: int) -> str:
    if state == "WAITING":
        verb = "waits" if total == 1 else "wait"
        return f"{counted(total, 'step')} {verb} for a worker; nothing has been changed yet."
    if state in ("RUNNING", "STOPPING"):
        stopping = " It stops after the step that is under way." if state == "STOPPING" else ""
        return f"{over:,} of {counted(total, 'step')} are over.{stopping}"
    if state == "DONE":
        return "Its step is done." if total == 1 else f"All {total:,} steps are done."
    if state == "PARTLY":
        return f"Only {well:,} of {counted(total, 'step')} are done; see below what is not and why."
    return "Nothing of it was done for certain; see below why."
