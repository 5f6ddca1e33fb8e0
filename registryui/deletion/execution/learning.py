"""What a step shows of the registry: that it deletes after all, or that it does not."""

from django.utils.translation import gettext_noop

from registryui.catalog.models import Registry
from registryui.deletion.execution.work import Work
from registryui.deletion.models import Step
from registryui.distribution.errors import RegistryError, UnsupportedError

_COLUMNS = {
    Step.Kind.UNTAG: ("deletes_tags",),
    Step.Kind.REMOVE: ("deletes_digests",),
    Step.Kind.REPLACE: ("accepts_pushes", "deletes_digests"),
    Step.Kind.PUT: ("accepts_pushes",),
    Step.Kind.TAG: ("accepts_pushes",),
}
_LASTING = ("disabled", "digest-only")
WORKS = gettext_noop("Deletions and pushes there have worked since the last test.")


def learn_from_success(work: Work, step: Step) -> None:
    """Note that the registry does what it just did."""
    registry = work.registry
    columns = [each for each in _COLUMNS[Step.Kind(step.kind)] if not getattr(registry, each)]
    if columns and registry.deletion_tested_at is not None:
        _write(work, dict.fromkeys(columns, True), WORKS)


def learn_from_error(work: Work, step: Step, error: RegistryError) -> None:
    """Note that it does not do something, unless that is so for a while only."""
    if not isinstance(error, UnsupportedError) or error.why not in _LASTING:
        return
    column = _COLUMNS[Step.Kind(step.kind)][0]
    if getattr(work.registry, column) is not False and step.kind != Step.Kind.REPLACE:
        _write(work, {column: False}, error.for_people)


def _write(work: Work, columns: dict[str, bool], words: str) -> None:
    now = work.clock()
    values: dict[str, object] = {**columns, "deletion_words": words, "deletion_tested_at": now}
    Registry.objects.filter(pk=work.registry.pk).update(**values)
    for name, value in values.items():
        setattr(work.registry, name, value)
