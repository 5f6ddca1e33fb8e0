"""Frees one tag of several on a digest: something else is pushed under it, and that is deleted.

The digest of what is pushed is written down before: whoever dies in between leaves the next worker
what it needs to go on. If it cannot be deleted, the tag gets back what it pointed to, at once.
"""

import json
import secrets
from contextlib import suppress

from django.utils.translation import gettext_noop

from registryui.deletion.execution.learning import learn_from_error
from registryui.deletion.execution.refusals import verdict_of
from registryui.deletion.execution.subjects import STAND_IN, tag_named
from registryui.deletion.execution.verdict import Verdict, gone, moved
from registryui.deletion.execution.verify import delete
from registryui.deletion.execution.work import Task
from registryui.deletion.models import KeptManifest, Step
from registryui.distribution.errors import (
    ConflictError,
    OutcomeUnknownError,
    RegistryError,
    UnsupportedError,
)
from registryui.oci import media_types
from registryui.oci.digest import Digest

NOT_KEPT = gettext_noop(
    "The bytes it points to were not kept, so it is not replaced. Nothing was changed."
)
ADVICE = gettext_noop(
    "Nothing is lost: restore this deletion to put the tag back, or push it again."
)
_AS_IT_WAS = gettext_noop("{tag} is what it was. Try again.")
_PUT_BACK = gettext_noop("{tag} was put back and is what it was.")
_NOT_PUT_BACK = gettext_noop(
    "{tag} could not be put back either: it points to {stand_in}, which holds nothing. "
    "It pointed to {digest}."
)
_OTHERS_UNSEEN = gettext_noop(
    "{tag} is gone. Whether the other tags are as they were could not be seen: {reason}"
)
_LOOK = gettext_noop("Look at them.")
_LOST = gettext_noop(
    "{tag} is gone, and so is {names}, which was to stay. "
    "If nobody else deleted that: restoring puts it back."
)
TRIES = 3


def replace(task: Task) -> Verdict:
    """Take a tag off a digest that other tags stay on."""
    work, step = task.work, task.step
    at = work.find(step.tag)
    if at is None:
        return gone(tag_named(step.tag), is_again=task.is_again)
    is_replaced = bool(step.stand_in) and at == step.stand_in
    if at != step.digest and not is_replaced:
        return moved(step.tag, at)
    kept = work.kept(step.digest)
    if kept is None:
        return Verdict(Step.State.REFUSED, NOT_KEPT)
    if not is_replaced and (refusal := _stand_in(task, kept)):
        return refusal
    return _take_away(task, kept)


def _stand_in(task: Task, kept: KeptManifest) -> Verdict | None:
    """Push something of its own under the tag; return why the tag still is what it was."""
    work, step = task.work, task.step
    family = _family(kept.media_type)
    config = json.dumps({"registryui": secrets.token_hex(16)}).encode()
    content = _manifest(config, work.writer.upload_blob(work.name, config), family)
    step.stand_in = str(Digest.of(content))
    Step.objects.filter(pk=step.pk).update(stand_in=step.stand_in)
    at = work.find(step.tag)
    if at is None:
        return gone(tag_named(step.tag), is_again=False)
    if at != step.digest:
        return moved(step.tag, at)
    try:
        work.writer.put_manifest(work.name, step.tag, content, family[0])
    except OutcomeUnknownError as error:
        return _after_doubt(task, error)
    return None


def _after_doubt(task: Task, error: OutcomeUnknownError) -> Verdict | None:
    """Look what became of a push without an answer; None when it was made."""
    step = task.step
    at = task.work.find_after(step.tag, until=step.stand_in)
    if at == step.stand_in:
        return None
    if at == step.digest:
        said = f"{error.for_people} {_AS_IT_WAS.format(tag=step.tag)}"
        return Verdict(Step.State.FAILED, said)
    return moved(step.tag, at) if at else gone(tag_named(step.tag), is_again=False)


def _take_away(task: Task, kept: KeptManifest) -> Verdict:
    """Delete what replaced the tag, or put the tag back."""
    try:
        verdict = delete(task, task.step.stand_in, STAND_IN)
    except RegistryError as error:
        learn_from_error(task.work, task.step, error)
        verdict = verdict_of(error, task.step)
    for _ in range(TRIES):
        at = task.work.find(task.step.tag)
        if at is None:
            return _check(task, verdict)
        if at == task.step.digest:
            return _as_it_was(task, verdict)
        if at != task.step.stand_in:
            return moved(task.step.tag, at)
        with suppress(OutcomeUnknownError, UnsupportedError, ConflictError):
            _put(task, kept)
    said = _NOT_PUT_BACK.format(
        tag=task.step.tag, stand_in=task.step.stand_in, digest=task.step.digest
    )
    return Verdict(Step.State.FAILED, f"{verdict.reason} {said} {ADVICE}")


def _put(task: Task, kept: KeptManifest) -> None:
    work = task.work
    work.writer.put_manifest(work.name, task.step.tag, bytes(kept.content), kept.media_type)


def _as_it_was(task: Task, verdict: Verdict) -> Verdict:
    state = Step.State.REFUSED if verdict.state == Step.State.REFUSED else Step.State.FAILED
    said = f"{verdict.reason} {_PUT_BACK.format(tag=task.step.tag)}".strip()
    return Verdict(state, said, halts=verdict.halts, why=verdict.reason)


def _check(task: Task, verdict: Verdict) -> Verdict:
    """Make sure that the tags that were to stay did."""
    work, step = task.work, task.step
    going = set(work.operation.steps.filter(digest=step.digest).values_list("tag", flat=True))
    others = (tag for tag, digest in work.outlook.tags.items() if digest == step.digest)
    staying = sorted(set(others) - going)
    try:
        lost = [tag for tag in staying if work.find(tag) is None]
    except RegistryError as error:
        said = _OTHERS_UNSEEN.format(tag=step.tag, reason=error.for_people)
        return Verdict(Step.State.UNKNOWN, f"{said} {_LOOK}")
    if not lost:
        return Verdict(Step.State.DONE, verdict.reason if verdict.state == Step.State.DONE else "")
    said = _LOST.format(tag=step.tag, names=", ".join(lost))
    return Verdict(Step.State.FAILED, said)


def _family(media_type: str) -> tuple[str, str]:
    """Return the media types of a manifest and a config like the original's."""
    is_docker = media_type.startswith("application/vnd.docker.")
    if is_docker:
        return media_types.DOCKER_MANIFEST, media_types.DOCKER_CONFIG
    return media_types.OCI_MANIFEST, media_types.OCI_CONFIG


def _manifest(config: bytes, digest: Digest, family: tuple[str, str]) -> bytes:
    document = {
        "schemaVersion": 2,
        "mediaType": family[0],
        "config": {"mediaType": family[1], "digest": str(digest), "size": len(config)},
        "layers": [],
    }
    return json.dumps(document).encode()
