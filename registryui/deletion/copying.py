"""Another tag for an image that is there: promoted by its exact bytes, without pulling it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from registryui.accounts.access import Access
from registryui.audit.api import Actor
from registryui.catalog.models import Manifest, Repository, Tag
from registryui.deletion.actors import kept_actor
from registryui.deletion.execution.rights import protection_words
from registryui.deletion.models import KeptManifest, Operation, ProtectionRule, Step
from registryui.oci.reference import is_tag

_SAME = gettext_noop("the same as {source}")
_NO_SOURCE = gettext_noop(
    "{repository} has no {source} that could be copied. Refresh the repository and "
    "choose one that is there."
)
_NO_TAG = gettext_noop("Write a tag: letters, digits, dots, hyphens and underscores, 128 at most.")
_THERE = gettext_noop("{tag} points there already.")
_ELSEWHERE = gettext_noop(
    "{tag} points to {digest}. Confirm that it may be moved, or choose a new tag."
)


class CopyRefusedError(Exception):
    """It is not begun; ``for_people`` says why and what to do, and is the text too."""

    def __init__(self, for_people: str) -> None:
        super().__init__(for_people)
        self.for_people = for_people


def begin_copy(
    repository: Repository,
    source: str,
    tag: str,
    *,
    may_move: bool,
    access: Access,
    by: Actor,
    now: datetime,
) -> Operation:
    """Write down that ``tag`` is to point to ``source``, a tag or a digest of the repository.

    A tag that points elsewhere is moved only with ``may_move``, and what it pointed to is kept, so
    that this can be undone. Raises CopyRefusedError.
    """
    manifest = _source(repository, source)
    before = _before(repository, tag)
    _check(repository, tag, manifest, before, may_move=may_move, access=access)
    with transaction.atomic():
        operation = Operation.objects.create(
            kind=Operation.Kind.COPY,
            registry=repository.registry,
            repository=repository.name,
            actor=kept_actor(by),
            actor_name=by.name,
            created_at=now,
        )
        Step.objects.create(
            operation=operation,
            position=0,
            kind=Step.Kind.TAG,
            tag=tag,
            digest=manifest.digest,
            replaces=before.digest if before else "",
            about=_SAME.format(source=source)[:200] if is_tag(source) else "",
        )
        _keep(operation, manifest)
        if before:
            _keep(operation, before)
    return operation


def _source(repository: Repository, source: str) -> Manifest:
    rows = Manifest.objects.filter(presences__repository=repository)
    if is_tag(source):
        rows = rows.filter(tags__repository=repository, tags__name=source)
    else:
        rows = rows.filter(digest=source)
    manifest = rows.first()
    if manifest is None:
        raise CopyRefusedError(_NO_SOURCE.format(repository=repository.name, source=source))
    return manifest


def _before(repository: Repository, tag: str) -> Manifest | None:
    if not is_tag(tag):
        raise CopyRefusedError(_NO_TAG)
    row = Tag.objects.in_repository(repository).filter(name=tag).select_related("manifest").first()
    return None if row is None else row.manifest


def _check(
    repository: Repository,
    tag: str,
    manifest: Manifest,
    before: Manifest | None,
    *,
    may_move: bool,
    access: Access,
) -> None:
    if before == manifest:
        raise CopyRefusedError(_THERE.format(tag=tag))
    rules = ProtectionRule.objects.about(repository.registry.slug, repository.name)
    for rule in rules:
        if rule.protects(tag) and not access.is_administrator:
            raise CopyRefusedError(protection_words(tag, rule))
    if before and not may_move:
        raise CopyRefusedError(_ELSEWHERE.format(tag=tag, digest=before.digest))


def _keep(operation: Operation, manifest: Manifest) -> None:
    KeptManifest.objects.create(
        operation=operation,
        digest=manifest.digest,
        media_type=manifest.media_type,
        content=bytes(manifest.content),
    )
