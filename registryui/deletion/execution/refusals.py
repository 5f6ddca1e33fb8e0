"""What an error of the registry means for a step, and for the steps after it."""

from registryui.deletion.execution.verdict import DELETING, EVERY_KIND, PUSHING, Verdict
from registryui.deletion.models import Step
from registryui.distribution.errors import (
    ConflictError,
    OutcomeUnknownError,
    RegistryError,
    RegistryRefusedError,
    UnsupportedError,
)

_BY_DIGEST = frozenset({Step.Kind.REMOVE.value, Step.Kind.REPLACE.value})


def verdict_of(error: RegistryError, step: Step) -> Verdict:
    """Return how a step ended whose request was answered so."""
    if isinstance(error, OutcomeUnknownError):
        return Verdict(Step.State.UNKNOWN, error.for_people)
    if isinstance(error, ConflictError):
        return Verdict(Step.State.REFUSED, error.for_people)
    if isinstance(error, UnsupportedError):
        return Verdict(Step.State.REFUSED, error.for_people, halts=_halted_by(error, step))
    if isinstance(error, RegistryRefusedError):
        halts = _alike(step) if error.status == 401 else frozenset()
        return Verdict(Step.State.REFUSED, error.for_people, halts=halts)
    return Verdict(Step.State.FAILED, error.for_people)


def _halted_by(error: UnsupportedError, step: Step) -> frozenset[str]:
    """Return the kinds of steps that are pointless then.

    distribution 3.0.0 deletes tags while it refuses digests, so one says nothing of the other.
    """
    if error.why == "read-only":
        return EVERY_KIND
    if not error.why:
        return frozenset()
    return _BY_DIGEST if step.kind == Step.Kind.REMOVE else frozenset({step.kind})


def _alike(step: Step) -> frozenset[str]:
    return DELETING if step.kind in DELETING else PUSHING
