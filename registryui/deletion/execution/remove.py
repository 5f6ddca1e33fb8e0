"""Deletes a manifest by its digest, with every tag on it: all that may go, and no other."""

from collections.abc import Mapping

from registryui.catalog.models import ManifestChild
from registryui.deletion.execution.verdict import Verdict, gone
from registryui.deletion.execution.verify import delete
from registryui.deletion.execution.work import Task, Work
from registryui.deletion.models import Step
from registryui.distribution.errors import RegistryError


def remove(task: Task) -> Verdict:
    """Delete the manifest if nothing that stays needs it."""
    work, step = task.work, task.step
    if work.find(step.digest) is None:
        return gone("It", is_again=task.is_again)
    places = {tag: work.find(tag) for tag in step.goes_with}
    elsewhere = {tag: at for tag, at in places.items() if at and at != step.digest}
    if why := _why_it_stays(work, step, elsewhere):
        return Verdict(
            Step.State.CHANGED,
            f"Nothing was deleted: {why}. Plan again if it is to go nevertheless.",
        )
    verdict = delete(task, step.digest, "It")
    if verdict.state != Step.State.DONE:
        return verdict
    verdict = _with_tags(work, [tag for tag, at in places.items() if at == step.digest]) or verdict
    if not elsewhere:
        return verdict
    return Verdict(verdict.state, f"{verdict.reason} {_where(elsewhere)}: that stays.".strip())


def _why_it_stays(work: Work, step: Step, elsewhere: Mapping[str, str]) -> str:
    """Say what has changed so that it is not what was confirmed any more; "" if nothing has."""
    if others := _others(work, step):
        verb = "points" if len(others) == 1 else "point"
        return f"{', '.join(others)} {verb} to it by now and would go, too"
    if "" in work.outlook.tags.values():
        return f"{_unreadable(work)} cannot be read, so it may point to it"
    if index := _index_that_stays(work, step):
        return f"the index {index} lists it and stays"
    if elsewhere and len(elsewhere) == len(step.goes_with):
        return f"{_where(elsewhere)}, which is not what was confirmed"
    if work.outlook.falling is not None and step.digest not in work.outlook.falling:
        return "by what the registry holds now it would stay"
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


def _index_that_stays(work: Work, step: Step) -> str:
    if work.repository is None:
        return ""
    parents = ManifestChild.objects.filter(
        digest=step.digest, parent__presences__repository=work.repository
    ).values_list("parent__digest", flat=True)
    staying = (digest for digest in parents if not work.ties.is_removed(digest))
    return next(staying, "")


def _with_tags(work: Work, tags: list[str]) -> Verdict | None:
    """Say so if a tag is left, which some registries do; it would lead nowhere."""
    try:
        left = [tag for tag in tags if work.find_after(tag, until=None) is not None]
    except RegistryError as error:
        return Verdict(
            Step.State.UNKNOWN,
            f"The manifest is gone. Whether its tags are could not be seen: {error.for_people}",
        )
    if not left:
        return None
    return Verdict(
        Step.State.FAILED,
        f"The manifest is gone, but {', '.join(left)} {'is' if len(left) == 1 else 'are'} still "
        "there. Look at what is there now, and delete it if it is to go.",
    )


def _where(elsewhere: Mapping[str, str]) -> str:
    return ", ".join(f"{tag} points to {at} by now" for tag, at in sorted(elsewhere.items()))
