"""One step: whether it may be done, its doing, and what came of it; nothing it does is repeated."""

import logging
from collections.abc import Callable

from django.utils.translation import gettext_noop

from registryui.deletion.execution.learning import learn_from_error, learn_from_success
from registryui.deletion.execution.put import put_back, set_tag
from registryui.deletion.execution.recording import announce, conclude, take_back
from registryui.deletion.execution.refusals import verdict_of
from registryui.deletion.execution.remove import remove
from registryui.deletion.execution.replace import replace
from registryui.deletion.execution.untag import untag
from registryui.deletion.execution.verdict import DELETING, Verdict
from registryui.deletion.execution.work import Task, Work
from registryui.deletion.models import Step
from registryui.distribution.errors import RegistryError
from registryui.sync.fetch import is_outage

logger = logging.getLogger(__name__)

_STILL_NEEDED = gettext_noop("Nothing was deleted: {digest} needs it, and was not deleted either.")
UNEXPECTED = gettext_noop(
    "Registry UI ran into an error it did not expect; its log says which. "
    "Look at it in the registry before you do anything more."
)

_DOING: dict[str, Callable[[Task], Verdict]] = {
    Step.Kind.UNTAG.value: untag,
    Step.Kind.REPLACE.value: replace,
    Step.Kind.REMOVE.value: remove,
    Step.Kind.PUT.value: put_back,
    Step.Kind.TAG.value: set_tag,
}


def do(work: Work, step: Step) -> Verdict:
    """Do a step that is left and write down what came of it.

    Raises a RegistryError when the registry cannot be asked at all: the step is left then.
    """
    is_again = step.state == Step.State.RUNNING
    if not is_again and (refusal := _forbidden(work, step)):
        conclude(work, step, refusal)
        return refusal
    announce(work, step)
    try:
        verdict = _done(Task(work, step, is_again))
    except RegistryError:
        if not is_again and not step.stand_in:
            take_back(step)
        raise
    conclude(work, step, verdict)
    return verdict


def _forbidden(work: Work, step: Step) -> Verdict | None:
    """Say why a step is not to be done, before the registry is asked anything."""
    outlook = work.outlook
    for tag in (step.tag, *step.goes_with):
        if why := outlook.protected.get(tag):
            return Verdict(Step.State.REFUSED, why)
    if outlook.refusals and (why := outlook.refusals.get(step.tag)):
        return Verdict(Step.State.REFUSED, why)
    if step.kind in DELETING and (keeper := work.ties.keeper_of(step)):
        return Verdict(Step.State.CHANGED, _STILL_NEEDED.format(digest=keeper))
    return None


def _done(task: Task) -> Verdict:
    work, step = task.work, task.step
    try:
        verdict = _DOING[step.kind](task)
    except RegistryError as error:
        if is_outage(error):
            raise
        learn_from_error(work, step, error)
        return verdict_of(error, step)
    except Exception:
        logger.exception("The step %s of operation %s failed", step.pk, work.operation.pk)
        return Verdict(Step.State.UNKNOWN, UNEXPECTED)
    if verdict.state == Step.State.DONE:
        learn_from_success(work, step)
    return verdict
