"""Deletes a manifest by its digest, with every tag on it: all that may go, and no other."""

from collections.abc import Mapping

from django.utils.translation import gettext_noop

from registryui.catalog.models import ManifestChild, Repository
from registryui.deletion.execution.subjects import IT
from registryui.deletion.execution.verdict import Verdict, gone
from registryui.deletion.execution.verify import delete
from registryui.deletion.execution.work import Task, Work
from registryui.deletion.models import Step
from registryui.distribution.errors import RegistryError

_STAYS = gettext_noop("Nothing was deleted: {reason}. Plan again if it is to go nevertheless.")
_UNKNOWN = gettext_noop("the index does not know the repository any more, nor what else needs it")
_ANOTHER_TAG = gettext_noop("{names} points to it by now and would go, too")
_OTHER_TAGS = gettext_noop("{names} point to it by now and would go, too")
_UNREADABLE = gettext_noop("{names} cannot be read, so it may point to it")
_IN_INDEX = gettext_noop("the index {digest} lists it and stays")
_ALL_ELSEWHERE = gettext_noop("{what}, which is not what was confirmed")
_NOT_FALLING = gettext_noop("by what the registry holds now it would stay")
_THAT_STAYS = gettext_noop("{what}: that stays.")
_TAGS_UNSEEN = gettext_noop(
    "The manifest is gone. Whether its tags are could not be seen: {reason}"
)
_TAG_LEFT = gettext_noop(
    "The manifest is gone, but {names} is still there. "
    "Look at what is there now, and delete it if it is to go."
)
_TAGS_LEFT = gettext_noop(
    "The manifest is gone, but {names} are still there. "
    "Look at what is there now, and delete it if it is to go."
)
_POINTS = gettext_noop("{tag} points to {digest} by now")
_POINTS_AND = gettext_noop("{tag} points to {digest} by now, {what}")


def remove(task: Task) -> Verdict:
    """Delete the manifest if nothing that stays needs it."""
    work, step = task.work, task.step
    if work.find(step.digest) is None:
        return gone(IT, is_again=task.is_again)
    places = {tag: work.find(tag) for tag in step.goes_with}
    elsewhere = {tag: at for tag, at in places.items() if at and at != step.digest}
    if why := _why_it_stays(work, step, elsewhere):
        return Verdict(Step.State.CHANGED, _STAYS.format(reason=why))
    verdict = delete(task, step.digest, IT)
    if verdict.state != Step.State.DONE:
        return verdict
    verdict = _with_tags(work, [tag for tag, at in places.items() if at == step.digest]) or verdict
    if not elsewhere:
        return verdict
    stays = _THAT_STAYS.format(what=_where(elsewhere))
    return Verdict(verdict.state, f"{verdict.reason} {stays}".strip())


def _why_it_stays(work: Work, step: Step, elsewhere: Mapping[str, str]) -> str:
    """Say what has changed so that it is not what was confirmed any more; "" if nothing has."""
    if work.repository is None:
        return _UNKNOWN
    if others := _others(work, step):
        form = _ANOTHER_TAG if len(others) == 1 else _OTHER_TAGS
        return form.format(names=", ".join(others))
    if "" in work.outlook.tags.values():
        return _UNREADABLE.format(names=_unreadable(work))
    if index := _index_that_stays(work, work.repository, step):
        return _IN_INDEX.format(digest=index)
    if elsewhere and len(elsewhere) == len(step.goes_with):
        return _ALL_ELSEWHERE.format(what=_where(elsewhere))
    if work.outlook.falling is not None and step.digest not in work.outlook.falling:
        return _NOT_FALLING
    return ""


def _others(work: Work, step: Step) -> list[str]:
    """Return the tags that were not to go and are on it; those that seemed to be are asked for."""
    suspects = (
        tag
        for tag, digest in work.outlook.tags.items()
        if digest == step.digest and tag not in step.goes_with
    )
    return [tag for tag in sorted(suspects) if work.find(tag) == step.digest]


def _unreadable(work: Work) -> str:
    return ", ".join(sorted(tag for tag, digest in work.outlook.tags.items() if not digest)[:3])


def _index_that_stays(work: Work, repository: Repository, step: Step) -> str:
    parents = ManifestChild.objects.filter(
        digest=step.digest, parent__presences__repository=repository
    ).values_list("parent__digest", flat=True)
    staying = (digest for digest in parents if not work.ties.is_removed(digest))
    return next(staying, "")


def _with_tags(work: Work, tags: list[str]) -> Verdict | None:
    """Say so if a tag is left, which some registries do; it would lead nowhere."""
    try:
        left = [tag for tag in tags if work.find_after(tag, until=None) is not None]
    except RegistryError as error:
        return Verdict(Step.State.UNKNOWN, _TAGS_UNSEEN.format(reason=error.for_people))
    if not left:
        return None
    form = _TAG_LEFT if len(left) == 1 else _TAGS_LEFT
    return Verdict(Step.State.FAILED, form.format(names=", ".join(left)))


def _where(elsewhere: Mapping[str, str]) -> str:
    *others, (tag, at) = sorted(elsewhere.items())
    said = _POINTS.format(tag=tag, digest=at)
    for name, digest in reversed(others):
        said = _POINTS_AND.format(tag=name, digest=digest, what=said)
    return said
