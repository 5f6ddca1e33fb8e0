"""One operation, from wherever it is to its end: nobody who reads of it is left in the dark."""

from dataclasses import replace

from django.utils.translation import gettext_noop

from registryui.accounts.access import Access
from registryui.catalog.models import Repository
from registryui.connections import ReadOnlyError, UndeclaredRegistryError, client_for, writer_for
from registryui.deletion.execution.outlook import look_around, protected_now
from registryui.deletion.execution.reading import read
from registryui.deletion.execution.recording import conclude
from registryui.deletion.execution.rights import (
    NOT_ALLOWED,
    UNKNOWN_PERSON,
    access_for,
    may_still,
)
from registryui.deletion.execution.steps import do
from registryui.deletion.execution.ties import Ties
from registryui.deletion.execution.verdict import EVERY_KIND, OVER, Verdict
from registryui.deletion.execution.work import Work
from registryui.deletion.models import Operation, Step
from registryui.deletion.models.operation import StepQuerySet
from registryui.distribution.errors import RegistryError, RegistryRefusedError, UnsupportedError
from registryui.jobs.api import Retry, RunningJob
from registryui.sync.fetch import is_outage
from registryui.sync.pause import WHY, keep_pause, tell_pause

STOPPED = Verdict(Step.State.STOPPED, gettext_noop("Somebody stopped it before this was begun."))
CUT_OFF = gettext_noop(
    "It was under way when Registry UI was interrupted, and could not be looked at afterwards. "
    "Look at it in the registry."
)
CHANGED_NOTHING = gettext_noop("Nothing was changed; confirm it again when that is over.")


def carry_out(job: RunningJob, operation: Operation, *, is_last_try: bool) -> None:
    """Do the steps that are left. Raises Retry and Interrupted, with everything written down."""
    course = _Course(job, operation, is_last_try=is_last_try)
    course.go()


class _Course:
    """An operation under way."""

    def __init__(self, job: RunningJob, operation: Operation, *, is_last_try: bool) -> None:
        self._job = job
        self._operation = operation
        self._is_last_try = is_last_try
        self._registry = operation.registry
        rows = Repository.objects.in_registry(self._registry)
        self._work = Work(
            operation=operation,
            registry=self._registry,
            repository=rows.filter(name=operation.repository).first(),
            clock=job.clock,
            ties=Ties(operation),
        )
        self._halted: dict[str, Verdict] = {}
        self._again: set[str] = set()

    def go(self) -> None:
        """Go to the end, or as far as one can get now."""
        access = access_for(self._operation)
        try:
            writer_for(self._registry)
        except (ReadOnlyError, UndeclaredRegistryError, RegistryError) as error:
            self._end_all(Verdict(Step.State.REFUSED, str(error)))
            return
        if access is None or not may_still(self._operation, access):
            self._end_all(_no_right(access))
            return
        try:
            self._do_all(access)
            self._look_at_the_end()
        except RegistryError as error:
            self._put_off(error)
        self._finish()

    def _do_all(self, access: Access) -> None:
        keep_pause(self._registry, now=self._job.now)
        if not self._left().exists():
            return
        self._work = self._work.with_outlook(look_around(self._job, self._work, access))
        Operation.objects.filter(pk=self._operation.pk, started_at=None).update(
            started_at=self._job.now
        )
        for key in list(self._left().values_list("pk", flat=True)):
            step = Step.objects.get(pk=key)
            step.operation = self._operation
            self._job.beat()
            self._do(step)

    def _do(self, step: Step) -> None:
        is_begun = step.state == Step.State.RUNNING
        if not is_begun:
            self._look_at_rights(step)
        if not is_begun and (halt := self._halted.get(step.kind)):
            conclude(self._work, step, halt)
            return
        verdict = do(self._work, step)
        self._halted |= dict.fromkeys(verdict.halts, verdict.halt)
        if verdict.state not in OVER or step.kind == Step.Kind.TAG:
            self._again.update((step.tag, *step.goes_with))

    def _look_at_rights(self, step: Step) -> None:
        """Ask again before each step: many of them take long, and somebody may step in."""
        access = access_for(self._operation)
        if self._is_stop_asked():
            self._halted = dict.fromkeys(EVERY_KIND, STOPPED)
        elif access is None or not may_still(self._operation, access):
            self._halted = dict.fromkeys(EVERY_KIND, _no_right(access))
        else:
            protected = protected_now(self._work, step, access)
            self._work = self._work.with_outlook(replace(self._work.outlook, protected=protected))

    def _look_at_the_end(self) -> None:
        """Let the index show what the registry has now; what cannot be read is on its row."""
        if self._work.repository is not None:
            read(self._job, self._work, self._work.repository, again=self._again)

    def _put_off(self, error: RegistryError) -> None:
        """Leave the rest for when the registry answers again; in the end, give it up."""
        if not is_outage(error):
            is_refusal = isinstance(error, RegistryRefusedError | UnsupportedError)
            state = Step.State.REFUSED if is_refusal else Step.State.FAILED
            self._end_all(Verdict(state, f"{error.for_people} {CHANGED_NOTHING}"))
            return
        left = tell_pause(self._registry, client_for(self._registry), now=self._job.now)
        if left:
            raise Retry(WHY, after=left) from None
        if not self._is_last_try:
            raise Retry(error.for_people) from None
        said = f"{error.for_people} {CHANGED_NOTHING}"
        self._end_all(Verdict(Step.State.FAILED, said))

    def _end_all(self, verdict: Verdict) -> None:
        """End what is left without asking the registry anything."""
        for step in self._left():
            step.operation = self._operation
            if step.state == Step.State.RUNNING:
                said = f"{CUT_OFF} {verdict.reason}"
                conclude(self._work, step, Verdict(Step.State.UNKNOWN, said))
            else:
                conclude(self._work, step, verdict)
        self._finish()

    def _finish(self) -> None:
        Operation.objects.unfinished().filter(pk=self._operation.pk).update(
            finished_at=self._job.now
        )

    def _left(self) -> StepQuerySet:
        return Step.objects.filter(operation=self._operation).left().order_by("position")

    def _is_stop_asked(self) -> bool:
        return Operation.objects.filter(pk=self._operation.pk, is_stop_asked=True).exists()


def _no_right(access: Access | None) -> Verdict:
    return Verdict(Step.State.REFUSED, UNKNOWN_PERSON if access is None else NOT_ALLOWED)
