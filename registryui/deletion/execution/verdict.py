"""What became of a step, in words for people that say what to do next."""

from dataclasses import dataclass

from django.utils.translation import gettext_noop

from registryui.audit.api import Result
from registryui.deletion.execution.subjects import Subject
from registryui.deletion.models import Step

EVERY_KIND = frozenset(Step.Kind.values)
DELETING = frozenset({Step.Kind.UNTAG.value, Step.Kind.REPLACE.value, Step.Kind.REMOVE.value})
PUSHING = frozenset({Step.Kind.PUT.value, Step.Kind.TAG.value, Step.Kind.REPLACE.value})

# A step that is over left nothing of what it was to delete.
OVER = frozenset({Step.State.DONE, Step.State.GONE})

RESULTS = {
    Step.State.DONE: Result.DONE,
    Step.State.GONE: Result.DONE,
    Step.State.CHANGED: Result.REFUSED,
    Step.State.REFUSED: Result.REFUSED,
    Step.State.STOPPED: Result.REFUSED,
    Step.State.FAILED: Result.FAILED,
    Step.State.UNKNOWN: Result.UNKNOWN,
}

_MOVED = gettext_noop(
    "{tag} points to {digest} by now, which is not what was confirmed. Nothing was done: "
    "look at what it is now, and plan again if it is to go."
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a step ended; ``halts`` are the kinds of steps that could only end alike, and ``why``."""

    state: Step.State
    reason: str = ""
    halts: frozenset[str] = frozenset()
    why: str = ""

    @property
    def halt(self) -> "Verdict":
        """Return how those steps end without being tried."""
        return Verdict(Step.State.REFUSED, self.why or self.reason)


def gone(subject: Subject, *, is_again: bool) -> Verdict:
    """Say that there is nothing to delete: our own doing before an interruption, or another's."""
    if is_again:
        return Verdict(Step.State.DONE, subject.was_found)
    return Verdict(Step.State.GONE, subject.was_gone)


def moved(tag: str, digest: str) -> Verdict:
    """Say that a tag points elsewhere than what was confirmed."""
    return Verdict(Step.State.CHANGED, _MOVED.format(tag=tag, digest=digest))
