"""Deleting, and looking afterwards: what a registry says it did is not what is believed."""

from django.utils.translation import gettext_noop

from registryui.deletion.execution.subjects import Subject
from registryui.deletion.execution.verdict import Verdict, gone
from registryui.deletion.execution.work import Task
from registryui.deletion.models import Step
from registryui.distribution.errors import OutcomeUnknownError, RegistryError
from registryui.distribution.writer import Outcome

SAID_SO = gettext_noop("The registry said that it deleted it.")
LOOK_FIRST = gettext_noop("Look at it in the registry before you do anything more.")
LOOK_LATER = gettext_noop(
    "Look again in a while, as the registry may still be at it, and delete it then."
)
LOOK_NOW = gettext_noop("Look at what it is now.")
TRY_AGAIN = gettext_noop("Try again, and read the registry's log if it stays.")


def delete(task: Task, reference: str, subject: Subject) -> Verdict:
    """Delete a tag or a digest, once, and tell what is there afterwards.

    Raises a RegistryError when it certainly was not done.
    """
    doubt, outcome = "", Outcome.DONE
    try:
        outcome = task.work.writer.delete(task.work.name, reference)
    except OutcomeUnknownError as error:
        doubt = error.for_people
    try:
        at = task.work.find_after(reference, until=None)
    except RegistryError as error:
        return _unseen(subject, doubt, error)
    if at is None:
        if outcome is Outcome.ALREADY_GONE:
            return gone(subject, is_again=task.is_again)
        return Verdict(Step.State.DONE, f"{doubt} {subject.is_gone}" if doubt else "")
    if at == task.step.digest or at == reference:
        return _still_there(subject, doubt)
    return _elsewhere(subject, at, doubt)


def _unseen(subject: Subject, doubt: str, error: RegistryError) -> Verdict:
    unseen = subject.is_unseen.replace("{reason}", error.for_people)
    return Verdict(Step.State.UNKNOWN, f"{doubt or SAID_SO} {unseen} {LOOK_FIRST}")


def _still_there(subject: Subject, doubt: str) -> Verdict:
    if doubt:
        return Verdict(Step.State.FAILED, f"{doubt} {subject.is_unchanged} {LOOK_LATER}")
    return Verdict(Step.State.FAILED, f"{subject.was_not_deleted} {TRY_AGAIN}")


def _elsewhere(subject: Subject, at: str, doubt: str) -> Verdict:
    if doubt:
        elsewhere = subject.is_elsewhere.replace("{digest}", at)
        return Verdict(Step.State.UNKNOWN, f"{doubt} {elsewhere} {LOOK_NOW}")
    return Verdict(Step.State.DONE, subject.was_pushed_since.replace("{digest}", at))
