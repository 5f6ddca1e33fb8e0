"""Deleting, and looking afterwards: what a registry says it did is not what is believed."""

from registryui.deletion.execution.verdict import Verdict, gone
from registryui.deletion.execution.work import Task
from registryui.deletion.models import Step
from registryui.distribution.errors import OutcomeUnknownError, RegistryError
from registryui.distribution.writer import Outcome


def delete(task: Task, reference: str, what: str) -> Verdict:
    """Delete a tag or a digest, once, and tell what is there afterwards.

    Raises a RegistryError when it certainly was not done.
    """
    doubt, outcome = "", Outcome.DONE
    try:
        outcome = task.work.writer.delete(task.work.name, reference)
    except OutcomeUnknownError as error:
        doubt = f"{error.for_people} "
    try:
        at = task.work.find_after(reference, until=None)
    except RegistryError as error:
        return _unseen(what, doubt, error)
    if at is None:
        if outcome is Outcome.ALREADY_GONE:
            return gone(what, is_again=task.is_again)
        return Verdict(Step.State.DONE, f"{doubt}{what} is gone." if doubt else "")
    if at == task.step.digest or at == reference:
        return _still_there(what, doubt)
    return _elsewhere(what, at, doubt)


def _unseen(what: str, doubt: str, error: RegistryError) -> Verdict:
    said = doubt or "The registry said that it deleted it. "
    return Verdict(
        Step.State.UNKNOWN,
        f"{said}Whether {what} is gone could not be seen: {error.for_people} "
        "Look at it in the registry before you do anything more.",
    )


def _still_there(what: str, doubt: str) -> Verdict:
    said = doubt or "The registry said that it deleted it, and did not. "
    return Verdict(
        Step.State.FAILED,
        f"{said}{what} is still there, unchanged. Try again, and read the registry's log if it "
        "stays.",
    )


def _elsewhere(what: str, at: str, doubt: str) -> Verdict:
    if doubt:
        return Verdict(
            Step.State.UNKNOWN,
            f"{doubt}{what} points to {at} now: somebody pushed it in the same moment. "
            "Look at what it is now.",
        )
    return Verdict(
        Step.State.DONE, f"{what} was deleted, and somebody has pushed {at} under it since."
    )
