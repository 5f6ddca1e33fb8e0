"""What the registry holds when an operation begins, and which of its steps still stand."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from django.utils.translation import gettext_noop

from registryui.accounts.access import Access
from registryui.catalog.models import Repository
from registryui.deletion.execution.reading import read
from registryui.deletion.execution.rights import protected_among
from registryui.deletion.execution.work import Outlook, Work
from registryui.deletion.models import Operation, Step
from registryui.deletion.planning.needless import needless
from registryui.deletion.planning.plan import plan_deletion
from registryui.deletion.planning.selection import Selection
from registryui.deletion.planning.ways import Ability
from registryui.distribution.errors import InvalidContentError, RegistryError
from registryui.jobs.api import RunningJob
from registryui.sync.fetch import is_outage
from registryui.sync.known import indexed_tags

_NOT_ALL_LISTED = gettext_noop(
    "The registry did not list all tags of the repository, so another one may point to "
    "what would be deleted."
)
_NEED_ALL_TAGS = (Step.Kind.REMOVE, Step.Kind.REPLACE)


def look_around(job: RunningJob, work: Work, access: Access) -> Outlook:
    """Read what the steps that are left have to know; raises a RegistryError."""
    operation = work.operation
    if operation.kind == Operation.Kind.RESTORE:
        return Outlook()
    steps = list(operation.steps.order_by("position"))
    if work.repository is None or all(step.kind not in _NEED_ALL_TAGS for step in steps):
        return Outlook()
    result = read(job, work, work.repository)
    is_read = result.is_complete and not result.error
    known = indexed_tags(work.repository) if is_read else {}
    outlook = Outlook(tags=_tags(work, known))
    if operation.started_at is not None:
        return outlook
    planned = _planned_again(work.repository, outlook, work.ties.asked(steps), access)
    return replace(
        planned, falling=(planned.falling or frozenset()) | _left(work.repository, steps)
    )


def protected_now(work: Work, step: Step, access: Access) -> dict[str, str]:
    """Return the tags of a step that a rule keeps by now, also one that was made meanwhile.

    A deletion is undone under any rule; to undo a copy moves a tag.
    """
    operation, undone = work.operation, work.operation.restores
    if operation.kind != Operation.Kind.RESTORE:
        return protected_among(operation, access, work.ties.asked([step]))
    if step.kind != Step.Kind.TAG or (undone and undone.kind == Operation.Kind.DELETE):
        return {}
    return protected_among(operation, access, [step.tag])


def _tags(work: Work, known: Mapping[str, str]) -> dict[str, str]:
    """List the tags afresh; those that the index has not just read are asked for.

    One that cannot be read may point anywhere: its digest is "".
    """
    listing = work.client.tags(work.name)
    if not listing.is_complete:
        raise InvalidContentError(_NOT_ALL_LISTED)
    found = ((name, known.get(name) or _ask(work, name)) for name in listing.names)
    return {name: digest for name, digest in found if digest is not None}


def _ask(work: Work, tag: str) -> str | None:
    try:
        return work.find(tag)
    except RegistryError as error:
        if is_outage(error):
            raise
        return ""


def _planned_again(
    repository: Repository, outlook: Outlook, asked: dict[str, str], access: Access
) -> Outlook:
    valid = tuple(tag for tag, digest in asked.items() if outlook.tags.get(tag) == digest)
    repository.registry.refresh_from_db()
    ability = Ability.of(repository.registry, is_read_only=False)
    plan = plan_deletion(repository, Selection(tags=valid), access=access, ability=ability)
    return Outlook(
        tags=outlook.tags,
        refusals={tag.name: tag.refusal for tag in plan.refused},
        falling=frozenset(each.digest for each in plan.manifests),
    )


def _left(repository: Repository, steps: Iterable[Step]) -> frozenset[str]:
    """Return the manifests to delete that no tag led to beforehand, if nothing does by now."""
    untagged = [
        step.digest for step in steps if step.kind == Step.Kind.REMOVE and not step.goes_with
    ]
    return frozenset(needless(repository, untagged))
