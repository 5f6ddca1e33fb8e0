"""Undoing an operation: putting back exactly the bytes it took away, while the blobs exist."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from registryui.accounts.access import EVERYTHING, Access
from registryui.audit.api import Actor
from registryui.catalog.models import Repository, Tag
from registryui.deletion.actors import kept_actor
from registryui.deletion.execution.rights import protected_among
from registryui.deletion.models import KeptManifest, Operation, Step
from registryui.oci.errors import OciError
from registryui.oci.manifest import Manifest, parse_manifest
from registryui.sync.known import in_lookups

BATCH = 500
_THERE = gettext_noop("It is there already.")
_ELSEWHERE = gettext_noop("It points to {digest} by now, and stays.")
_NOT_KEPT = gettext_noop("The bytes of what it pointed to were not kept. Push the image again.")
# What may have been taken away; a step that is not known to have been done may have been.
_TAKEN = (Step.State.DONE, Step.State.UNKNOWN, Step.State.FAILED)


@dataclass(frozen=True, slots=True)
class RestorableTag:
    """One tag that the operation took away; ``refusal`` says why it stays as it is now."""

    name: str = field(metadata={"help": "The tag."})
    digest: str = field(metadata={"help": "Where it would point again."})
    now: str = field(metadata={"help": "Where the index says it points now; empty if nowhere."})
    replaces: str = field(metadata={"help": "The digest it may be taken from; empty if none."})
    refusal: str = field(metadata={"help": "Why it is not put back; empty if it is."})


@dataclass(frozen=True, slots=True)
class RestorePlan:
    """What undoing an operation would do, as far as the index knows.

    Whether garbage collection has taken the blobs shows only when it is done.
    """

    registry: str = field(metadata={"help": "The registry's name in addresses."})
    repository: str = field(metadata={"help": "The repository's full name."})
    operation: int = field(metadata={"help": "The number of the operation that is undone."})
    tags: tuple[RestorableTag, ...] = field(metadata={"help": "The tags it took away."})
    manifests: tuple[str, ...] = field(metadata={"help": "Digests, in the order to put back."})
    missing: tuple[str, ...] = field(metadata={"help": "Digests whose bytes were not kept."})

    @property
    def doable(self) -> tuple[RestorableTag, ...]:
        """The tags that would be put back."""
        return tuple(tag for tag in self.tags if not tag.refusal)

    @property
    def refused(self) -> tuple[RestorableTag, ...]:
        """The tags that stay as they are, each with its reason."""
        return tuple(tag for tag in self.tags if tag.refusal)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to put back."""
        return not self.doable and not self.manifests


def plan_restore(operation: Operation, *, access: Access = EVERYTHING) -> RestorePlan:
    """Return what ``access`` can put back of an operation, from the index alone.

    What was deleted comes back whatever a rule says; but to undo a copy moves a tag, and a
    protected one is moved by administrators only.
    """
    steps = list(operation.steps.filter(state__in=_TAKEN).order_by("position"))
    wanted = {tag.name: tag for step in steps for tag in _tags_of(operation, step)}
    now = _tags_now(operation, wanted)
    kept = set(operation.kept_manifests.values_list("digest", flat=True))
    is_copy = operation.kind == Operation.Kind.COPY
    protected = protected_among(operation, access, wanted) if is_copy else {}
    tags = tuple(
        _judged(wanted[name], now.get(name, ""), kept, protected.get(name, ""))
        for name in sorted(wanted)
    )
    removed = {step.digest for step in steps if step.kind == Step.Kind.REMOVE}
    needed = removed | {tag.digest for tag in tags if not tag.refusal}
    return RestorePlan(
        registry=operation.registry.slug,
        repository=operation.repository,
        operation=operation.pk,
        tags=tags,
        manifests=tuple(_in_order(operation, needed & kept)),
        missing=tuple(sorted(needed - kept)),
    )


def begin_restore(
    operation: Operation,
    plan: RestorePlan,
    *,
    by: Actor,
    now: datetime,
) -> Operation:
    """Write a restore down as an operation of its own, all of it or nothing."""
    with transaction.atomic():
        restore = Operation.objects.create(
            kind=Operation.Kind.RESTORE,
            registry=operation.registry,
            repository=operation.repository,
            actor=kept_actor(by),
            actor_name=by.name,
            restores=operation,
            created_at=now,
        )
        Step.objects.bulk_create(_steps(restore, operation, plan), batch_size=BATCH)
        _keep(restore, operation, plan.manifests)
    return restore


def _tags_of(operation: Operation, step: Step) -> Iterator[RestorableTag]:
    """Yield the tags that a step took away, or moved away from where they were."""
    if step.kind == Step.Kind.REMOVE:
        yield from (RestorableTag(tag, step.digest, "", "", "") for tag in step.goes_with)
    elif step.kind in (Step.Kind.UNTAG, Step.Kind.REPLACE):
        yield RestorableTag(step.tag, step.digest, "", step.stand_in, "")
    elif operation.kind == Operation.Kind.COPY and step.replaces:
        yield RestorableTag(step.tag, step.replaces, "", step.digest, "")


def _tags_now(operation: Operation, names: Iterable[str]) -> dict[str, str]:
    repository = Repository.objects.filter(
        registry=operation.registry, name=operation.repository
    ).first()
    now: dict[str, str] = {}
    if repository is None:
        return now
    for part in in_lookups(names):
        rows = Tag.objects.in_repository(repository).filter(name__in=part)
        now.update(rows.values_list("name", "manifest__digest"))
    return now


def _judged(tag: RestorableTag, now: str, kept: set[str], protection: str) -> RestorableTag:
    refusal = protection
    if now == tag.digest:
        refusal = _THERE
    elif now and now != tag.replaces:
        refusal = _ELSEWHERE.format(digest=now)
    elif tag.digest not in kept:
        refusal = _NOT_KEPT
    return RestorableTag(tag.name, tag.digest, now, tag.replaces, refusal)


def _in_order(operation: Operation, digests: Iterable[str]) -> Iterator[str]:
    """Yield what others need first: the platforms, then their indexes, then what signs any."""
    manifests: dict[str, Manifest | None] = {}
    for part in in_lookups(digests):
        for kept in operation.kept_manifests.filter(digest__in=part):
            manifests[kept.digest] = _read(kept)
    done: dict[str, None] = {}
    for digest in sorted(manifests, key=lambda each: (_is_referrer(manifests[each]), each)):
        _add(digest, manifests, done)
    yield from done


def _add(digest: str, manifests: dict[str, Manifest | None], done: dict[str, None]) -> None:
    """Add a manifest after all that it lists or speaks of; digests cannot go in circles."""
    manifest = manifests.get(digest)
    if digest in done or digest not in manifests:
        return
    for needed in _needs(manifest):
        _add(needed, manifests, done)
    done[digest] = None


def _needs(manifest: Manifest | None) -> Iterator[str]:
    if manifest is None:
        return
    yield from (str(child.digest) for child in manifest.children)
    if manifest.subject is not None:
        yield str(manifest.subject.digest)


def _is_referrer(manifest: Manifest | None) -> bool:
    return manifest is not None and manifest.subject is not None


def _read(kept: KeptManifest) -> Manifest | None:
    try:
        return parse_manifest(bytes(kept.content), content_type=kept.media_type)
    except OciError:  # the registry judges it
        return None


def _steps(restore: Operation, operation: Operation, plan: RestorePlan) -> list[Step]:
    about = dict(operation.steps.exclude(about="").values_list("digest", "about"))
    steps = [
        Step(operation=restore, kind=Step.Kind.PUT, digest=digest, about=about.get(digest, ""))
        for digest in plan.manifests
    ]
    steps += [
        Step(
            operation=restore,
            kind=Step.Kind.TAG,
            tag=tag.name,
            digest=tag.digest,
            replaces=tag.replaces,
        )
        for tag in plan.doable
    ]
    for position, step in enumerate(steps):
        step.position = position
    return steps


def _keep(restore: Operation, operation: Operation, digests: Iterable[str]) -> None:
    for part in in_lookups(digests):
        KeptManifest.objects.bulk_create(
            KeptManifest(
                operation=restore,
                digest=kept.digest,
                media_type=kept.media_type,
                content=bytes(kept.content),
            )
            for kept in operation.kept_manifests.filter(digest__in=part)
        )
