"""Puts manifests and tags (back) into a registry: exactly the bytes that were kept."""

from collections.abc import Iterator

from django.utils.translation import gettext_noop

from registryui.deletion.execution.verdict import Verdict
from registryui.deletion.execution.work import Task, Work
from registryui.deletion.models import KeptManifest, Step
from registryui.distribution.errors import NotFoundError, OutcomeUnknownError, RegistryError
from registryui.oci.errors import OciError
from registryui.oci.manifest import parse_manifest

PARTS_GONE = "MANIFEST_BLOB_UNKNOWN"
NOT_KEPT = gettext_noop("Its bytes were not kept, so it cannot be put back. Push the image again.")
THERE = gettext_noop("It is there already; nothing was changed.")
FOUND_DONE = gettext_noop("It was found done after an interruption.")
SAID_SO = gettext_noop("The registry said that it took it, and does not have it.")
_IS_THERE = gettext_noop("It is there.")
_NOT_THERE = gettext_noop("It is not there. Try again.")
_UNSEEN = gettext_noop("Whether it is there now could not be seen: {reason}")
_LOOK = gettext_noop("Look at it.")
_ANOTHER = gettext_noop("Somebody else has pushed {digest} there since.")
_ELSEWHERE = gettext_noop(
    "{tag} points to {digest} by now and stays as it is: nothing was changed. "
    "Choose another tag, or delete this one first."
)
_TAKEN = gettext_noop(
    "Garbage collection has taken {what}, so it cannot be put back. Push the image again."
)
_CONFIG = gettext_noop("its config {digest}")
_LAYER = gettext_noop("its layer {digest}")
_PART = gettext_noop("its part {digest}")
_SOME_PART = gettext_noop("a part of it")


def put_back(task: Task) -> Verdict:
    """Push a manifest under its digest, if all its parts are still there."""
    digest = task.step.digest
    if task.work.find(digest) == digest:
        return Verdict(Step.State.DONE, _found(task))
    kept = task.work.kept(digest)
    return _put(task, digest, kept) if kept else Verdict(Step.State.REFUSED, NOT_KEPT)


def set_tag(task: Task) -> Verdict:
    """Point a tag to a manifest that was kept; one that points elsewhere stays as it is.

    Unless it points to what it was to leave: ``replaces``.
    """
    step = task.step
    at = task.work.find(step.tag)
    if at == step.digest:
        return Verdict(Step.State.DONE, _found(task))
    if at is not None and at != step.replaces:
        return Verdict(Step.State.CHANGED, _ELSEWHERE.format(tag=step.tag, digest=at))
    kept = task.work.kept(step.digest)
    return _put(task, step.tag, kept) if kept else Verdict(Step.State.REFUSED, NOT_KEPT)


def _found(task: Task) -> str:
    return FOUND_DONE if task.is_again else THERE


def _put(task: Task, reference: str, kept: KeptManifest) -> Verdict:
    work = task.work
    if missing := next(_missing_parts(work, kept), ""):
        return Verdict(Step.State.REFUSED, _taken(missing))
    doubt = ""
    try:
        work.writer.put_manifest(work.name, reference, bytes(kept.content), kept.media_type)
    except OutcomeUnknownError as error:
        doubt = error.for_people
    except NotFoundError as error:
        if error.code != PARTS_GONE:
            raise
        return Verdict(Step.State.REFUSED, _taken(_SOME_PART))
    return _verified(task, reference, doubt)


def _verified(task: Task, reference: str, doubt: str) -> Verdict:
    digest = task.step.digest
    try:
        at = task.work.find_after(reference, until=digest)
    except RegistryError as error:
        unseen = _UNSEEN.format(reason=error.for_people)
        return Verdict(Step.State.UNKNOWN, f"{doubt} {unseen} {_LOOK}".strip())
    if at == digest:
        return Verdict(Step.State.DONE, f"{doubt} {_IS_THERE}" if doubt else "")
    if at is None:
        return Verdict(Step.State.FAILED, f"{doubt or SAID_SO} {_NOT_THERE}")
    return Verdict(Step.State.FAILED, f"{doubt} {_ANOTHER.format(digest=at)}".strip())


def _missing_parts(work: Work, kept: KeptManifest) -> Iterator[str]:
    """Yield, in words, what a manifest needs and the registry has not got any more."""
    try:
        manifest = parse_manifest(bytes(kept.content), content_type=kept.media_type)
    except OciError:  # the registry judges it
        return
    client = work.client
    if manifest.config is not None and not client.has_blob(work.name, manifest.config.digest):
        yield _CONFIG.format(digest=manifest.config.digest)
    for layer in manifest.stored_layers:
        if not client.has_blob(work.name, layer.digest):
            yield _LAYER.format(digest=layer.digest)
    for child in manifest.children:
        if work.find(str(child.digest)) is None:
            yield _PART.format(digest=child.digest)


def _taken(what: str) -> str:
    return _TAKEN.format(what=what)
