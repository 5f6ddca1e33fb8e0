"""From a confirmed plan to the steps of an operation, and the bytes kept to undo it."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from registryui.audit.api import Actor
from registryui.catalog.models import Manifest, Repository
from registryui.deletion.actors import kept_actor
from registryui.deletion.models import KeptManifest, Operation, Step
from registryui.deletion.planning.plan import DeletionPlan, PlannedManifest
from registryui.deletion.planning.ways import Way
from registryui.sync.known import in_lookups

BATCH = 500


def begin_deletion(
    repository: Repository,
    plan: DeletionPlan,
    *,
    by: Actor,
    now: datetime,
    reason: str = "",
) -> Operation:
    """Write a plan down as an operation, all of it or nothing; whoever works it off comes later."""
    with transaction.atomic():
        operation = Operation.objects.create(
            kind=Operation.Kind.DELETE,
            registry=repository.registry,
            repository=repository.name,
            actor=kept_actor(by),
            actor_name=by.name,
            reason=reason,
            freed_bytes=plan.freed_bytes,
            created_at=now,
        )
        Step.objects.bulk_create(_steps(operation, plan), batch_size=BATCH)
        _keep(operation, {tag.digest for tag in plan.doable} | {m.digest for m in plan.manifests})
    return operation


def _steps(operation: Operation, plan: DeletionPlan) -> list[Step]:
    """Return the steps: first the tags that go alone, then the manifests that fall."""
    steps = [
        Step(operation=operation, kind=tag.way, tag=tag.name, digest=tag.digest)
        for tag in plan.doable
        if tag.way in (Way.UNTAG.value, Way.REPLACE.value)
    ]
    steps += [
        step
        for manifest in plan.manifests
        for step in (
            [_removal(operation, manifest)]
            if plan.ability.by_digest
            else _untaggings(operation, manifest, {tag.name for tag in plan.tags})
        )
    ]
    for position, step in enumerate(steps):
        step.position = position
    return steps


def _removal(operation: Operation, manifest: PlannedManifest) -> Step:
    return Step(
        operation=operation,
        kind=Step.Kind.REMOVE,
        digest=manifest.digest,
        goes_with=list(manifest.tags),
        about=manifest.about[:200],
    )


def _untaggings(operation: Operation, manifest: PlannedManifest, asked: set[str]) -> list[Step]:
    """Return how the tags go that are called after a manifest, such as its signature's."""
    return [
        Step(
            operation=operation,
            kind=Step.Kind.UNTAG,
            tag=tag,
            digest=manifest.digest,
            about=manifest.about[:200],
        )
        for tag in manifest.tags
        if tag not in asked
    ]


def _keep(operation: Operation, digests: Iterable[str]) -> None:
    """Copy the exact bytes, because the index forgets what no tag leads to."""
    for part in in_lookups(digests):
        rows = Manifest.objects.filter(digest__in=part)
        KeptManifest.objects.bulk_create(
            KeptManifest(
                operation=operation,
                digest=row.digest,
                media_type=row.media_type,
                content=bytes(row.content),
            )
            for row in rows.only("digest", "media_type", "content")
        )
