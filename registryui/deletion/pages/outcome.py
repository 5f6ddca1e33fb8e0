"""How an operation stands, said so that a failure never looks like a success."""

from dataclasses import dataclass, field

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from registryui.deletion.models import Operation, Step

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
            words=_(_WORDS[state]),
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
    "WAITING": gettext_noop("waiting"),
    "RUNNING": gettext_noop("under way"),
    "STOPPING": gettext_noop("stopping"),
    "DONE": gettext_noop("done"),
    "PARTLY": gettext_noop("partly done"),
    "FAILED": gettext_noop("not done"),
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
    gaps = {"total": f"{total:,}", "over": f"{over:,}", "well": f"{well:,}"}
    if state == "WAITING":
        said = ngettext(
            "%(total)s step waits for a worker; nothing has been changed yet.",
            "%(total)s steps wait for a worker; nothing has been changed yet.",
            total,
        )
    elif state == "RUNNING":
        said = ngettext(
            "%(over)s of %(total)s step are over.", "%(over)s of %(total)s steps are over.", total
        )
    elif state == "STOPPING":
        said = ngettext(
            "%(over)s of %(total)s step are over. It stops after the step that is under way.",
            "%(over)s of %(total)s steps are over. It stops after the step that is under way.",
            total,
        )
    elif state == "DONE":
        said = ngettext("Its step is done.", "All %(total)s steps are done.", total)
    elif state == "PARTLY":
        said = _("Only %(well)s of %(total)s steps are done; see below what is not and why.")
    else:
        said = _("Nothing of it was done for certain; see below why.")
    return said % gaps
