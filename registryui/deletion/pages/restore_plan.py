"""The page of undoing an operation: what can be put back, what not and why."""

import hashlib
import json
from dataclasses import dataclass, field

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from registryui.catalog.pages.parts import Link
from registryui.deletion.models import Operation
from registryui.deletion.pages.planned import Sentence
from registryui.deletion.planning.ways import READ_ONLY
from registryui.deletion.restoring import RestorableTag, RestorePlan
from registryui.deletion.wording import listed
from registryui.web.counting import count_in_words
from registryui.web.sentences import in_own_language
from registryui.web.templatetags.show import short_digest

CONDITION = gettext_noop(
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
        that = Link(
            _("operation %(number)s") % {"number": operation.pk}, operation.get_absolute_url()
        )
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
            title=_title(plan),
            has_changed=has_changed,
            refusal=_(READ_ONLY) if settings.READ_ONLY else "",
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
    url = reverse("tag-detail", args=[*place, tag.name])
    return RestoreTagRow(tag.name, url, tag.digest, in_own_language(tag.refusal))


def _title(plan: RestorePlan) -> str:
    if plan.is_empty:
        return _("Nothing to put back")
    return _("Put back %(what)s") % {"what": _what(plan)}


def _what(plan: RestorePlan) -> str:
    tags = plan.doable
    if len(tags) == 1:
        return tags[0].name
    if tags:
        return count_in_words(len(tags), "tag")
    return count_in_words(len(plan.manifests), "manifest")


def _sentences(plan: RestorePlan) -> tuple[Sentence, ...]:
    missing = [short_digest(digest) for digest in plan.missing]
    found = [
        Sentence("GOES", _tags_words([tag.name for tag in plan.doable])) if plan.doable else None,
        Sentence("GOES", _manifests_words(len(plan.manifests))) if plan.manifests else None,
        Sentence("STAYS", _refused_words(len(plan.refused))) if plan.refused else None,
        Sentence("STAYS", _missing_words(missing)) if missing else None,
        Sentence("NOTE", _(CONDITION)) if not plan.is_empty else None,
    ]
    return tuple(each for each in found if each)


def _tags_words(names: list[str]) -> str:
    return ngettext(
        "%(names)s points where it did again.", "%(names)s point where they did again.", len(names)
    ) % {"names": listed(names)}


def _manifests_words(count: int) -> str:
    return ngettext(
        "%(number)s manifest, byte for byte as before.",
        "%(number)s manifests, byte for byte as before.",
        count,
    ) % {"number": f"{count:,}"}


def _refused_words(count: int) -> str:
    return ngettext("%(number)s tag not put back.", "%(number)s tags not put back.", count) % {
        "number": f"{count:,}"
    }


def _missing_words(digests: list[str]) -> str:
    return _("Not put back, because not kept: %(digests)s.") % {"digests": listed(digests)}
