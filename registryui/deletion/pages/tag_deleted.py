"""Who deleted a tag that is gone, if it was done here, and the way to undo it."""

from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from registryui.accounts.access import Access
from registryui.catalog.models import Repository, TagMove
from registryui.catalog.pages.manifest_detail import full_crumbs
from registryui.catalog.pages.parts import Link
from registryui.deletion.doors import may_delete_in
from registryui.deletion.models import Operation, Step


@dataclass(frozen=True, slots=True)
class TagDeletedPage:
    """What is known here of the deletion of a tag."""

    registry: str = field(metadata={"help": "The registry's name in addresses."})
    repository: str = field(metadata={"help": "The repository's full name."})
    name: str = field(metadata={"help": "The tag."})
    crumbs: tuple[Link, ...] = field(metadata={"help": "The way up."})
    number: int | None = field(metadata={"help": "The operation; null if it was not done here."})
    url: str = field(metadata={"help": "Address of the operation; empty without one."})
    actor: str = field(metadata={"help": "Who confirmed it."})
    at: datetime | None = field(metadata={"help": "When it was done."})
    undo_url: str = field(
        metadata={"help": "Where undoing it is planned; empty if there is nothing, or no right."}
    )

    @classmethod
    def build(cls, repository: Repository, tag: str, *, access: Access) -> "TagDeletedPage":
        """Look for the last step that took the tag away: two queries."""
        step = _last_step(repository, tag)
        operation = step.operation if step else None
        may_undo = not settings.READ_ONLY and may_delete_in(
            access, repository.registry.slug, repository.name
        )
        can_undo = operation is not None and may_undo and operation.finished_at is not None
        return cls(
            registry=repository.registry.slug,
            repository=repository.name,
            name=tag,
            crumbs=full_crumbs(repository),
            number=operation.pk if operation else None,
            url=operation.get_absolute_url() if operation else "",
            actor=operation.actor_name if operation else "",
            at=step.finished_at if step else None,
            undo_url=(
                reverse("operation-undo", args=[operation.pk]) if operation and can_undo else ""
            ),
        )


def _last_step(repository: Repository, tag: str) -> Step | None:
    """Return the step that took the tag away: by its name, or with the digest it pointed to."""
    moves = TagMove.objects.filter(repository=repository, tag_name=tag)
    digests = moves.exclude(from_digest="").values("from_digest")
    steps = Step.objects.filter(
        operation__kind=Operation.Kind.DELETE,
        operation__registry=repository.registry_id,
        operation__repository=repository.name,
        state=Step.State.DONE,
    ).select_related("operation")
    alone = steps.filter(tag=tag).order_by("-operation", "-position").first()
    removed = steps.filter(tag="", digest__in=digests).order_by("-operation", "-position")[:20]
    found = [step for step in (alone, *removed) if step and tag in (step.tag, *step.goes_with)]
    return max(found, key=lambda step: (step.operation_id, step.position), default=None)
