"""The page of undoing an operation: what can be put back, what not and why."""

import hashlib
import json
from dataclasses import dataclass, field

from django.conf import settings
from django.urls import reverse

from registryui.catalog.pages.parts import Link
from registryui.deletion.models import Operation
from registryui.deletion.pages.planned import Sentence
from registryui.deletion.planning.ways import READ_ONLY
from registryui.deletion.restoring import RestorableTag, RestorePlan
from registryui.deletion.wording import counted, listed
from registryui.web.templatetags.show import short_digest

CONDITION = (
    "This works as long as the registry's garbage collection has not taken the layers; each is "
    "looked for before anything is put back, and what is missing is said."
)


@dataclass(frozen=True, slots=True)
class RestoreTagRow:
    """One tag that the operation took away."""

    name: str = field(metadata={"help": "The tag."})
    url: str = field(metadata={"help": "Its address."})
    digest: str = field(metadata={"help": "Where it would point again."})
    refusal: str = field(metadata={"help": "Why it is not put back; empty if it is."})


@dataclass(frozen=True, slots=True)
class RestorePlanPage:
    """What undoing an operation would do; nothing is done before it is confirmed."""

    registry: str = field(metadata={"help": "The registry's name in addresses."})
    repository: str = field(metadata={"help": "The repository's full name."})
    crumbs: tuple[Link, ...] = field(metadata={"help": "The way up."})
    operation: int = field(metadata={"help": "The operation that is undone."})
    operation_url: str = field(metadata={"help": "Its address."})
    title: str = field(metadata={"help": "What would be done, in words."})
    has_changed: bool = field(metadata={"help": "Whether it is not what was confirmed (409)."})
    refusal: str = field(metadata={"help": "Why nothing is changed at all; empty if it is."})
    sentences: tuple[Sentence, ...] = field(metadata={"help": "The plan in sentences."})
    tags: tuple[RestoreTagRow, ...] = field(metadata={"help": "The tags it took away."})
    manifests: tuple[str, ...] = field(metadata={"help": "Digests, in the order to put back."})
    missing: tuple[str, ...] = field(metadata={"help": "Digests whose bytes were not kept."})
    url: str = field(metadata={"help": "Where to POST fingerprint to; empty if nothing can be."})
    fingerprint: str = field(metadata={"help": "Of this plan: another plan has another one."})

    @classmethod
    def build(
        cls, operation: Operation, plan: RestorePlan, *, has_changed: bool = False
    ) -> "RestorePlanPage":
        """Put a plan into words."""
        place = [operation.registry.slug, operation.repository]
        path = reverse("operation-undo", args=[operation.pk])
        here = Link(operation.repository, reverse("tag-list", args=place))
        that = Link(f"operation {operation.pk}", operation.get_absolute_url())
        return cls(
            registry=plan.registry,
            repository=plan.repository,
            crumbs=(
                Link(str(operation.registry), operation.registry.get_absolute_url()),
                here,
                that,
            ),
            operation=operation.pk,
            operation_url=operation.get_absolute_url(),
            title="Nothing to put back" if plan.is_empty else f"Put back {_what(plan)}",
            has_changed=has_changed,
            refusal=READ_ONLY if settings.READ_ONLY else "",
            sentences=_sentences(plan),
            tags=tuple(_row(tag, place) for tag in plan.tags),
            manifests=plan.manifests,
            missing=plan.missing,
            url="" if plan.is_empty or settings.READ_ONLY else path,
            fingerprint=fingerprint_of(plan),
        )


def fingerprint_of(plan: RestorePlan) -> str:
    """Return a text that is another one as soon as anything of the plan is."""
    steps = [[[tag.name, tag.digest, tag.replaces] for tag in plan.doable], list(plan.manifests)]
    return hashlib.sha256(json.dumps(steps).encode()).hexdigest()[:32]


def _row(tag: RestorableTag, place: list[str]) -> RestoreTagRow:
    return RestoreTagRow(
        tag.name, reverse("tag-detail", args=[*place, tag.name]), tag.digest, tag.refusal
    )


def _what(plan: RestorePlan) -> str:
    tags = plan.doable
    if len(tags) == 1:
        return tags[0].name
    return counted(len(tags), "tag") if tags else counted(len(plan.manifests), "manifest")


def _sentences(plan: RestorePlan) -> tuple[Sentence, ...]:
    tags, count = plan.doable, len(plan.manifests)
    again = "points where it did again" if len(tags) == 1 else "point where they did again"
    names = listed([tag.name for tag in tags])
    missing = [short_digest(digest) for digest in plan.missing]
    found = [
        Sentence("GOES", f"{names} {again}.") if tags else None,
        Sentence("GOES", f"{counted(count, 'manifest')}, byte for byte as before.")
        if count
        else None,
        Sentence("STAYS", f"{counted(len(plan.refused), 'tag')} not put back.")
        if plan.refused
        else None,
        Sentence("STAYS", f"Not put back, because not kept: {listed(missing)}.")
        if missing
        else None,
        Sentence("NOTE", CONDITION) if not plan.is_empty else None,
    ]
    return tuple(each for each in found if each)
