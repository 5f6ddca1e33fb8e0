"""The page of a plan: what deleting a selection would do, and the form to confirm it."""

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from registryui.accounts.access import Access
from registryui.accounts.models import Grant
from registryui.catalog.models import Repository
from registryui.catalog.pages.manifest_detail import full_crumbs
from registryui.catalog.pages.parts import Link
from registryui.deletion.pages.confirming import Confirmation, fields_of, word_to_type
from registryui.deletion.pages.planned import (
    AbilityPart,
    PlanPartRow,
    PlanTagRow,
    Sentence,
    sentences_of,
)
from registryui.deletion.planning.plan import DeletionPlan
from registryui.deletion.planning.selection import Selection
from registryui.web.counting import count_in_words
from registryui.web.sentences import in_own_language

FOLDED_FROM = 50
_EACH_ITS_OWN = gettext_noop("Each tag has its own reason, below.")


@dataclass(frozen=True, slots=True)
class DeletionPlanPage:
    """What deleting a selection of tags would do; nothing is done before it is confirmed."""

    registry: str = field(metadata={"help": "The registry's name in addresses."})
    repository: str = field(metadata={"help": "The repository's full name."})
    crumbs: tuple[Link, ...] = field(metadata={"help": "The way up."})
    title: str = field(metadata={"help": "What would be done, in words."})
    is_empty: bool = field(metadata={"help": "Whether nothing was selected."})
    going: int = field(metadata={"help": "How many tags would be deleted."})
    staying: int = field(metadata={"help": "How many of those selected would stay."})
    sentences: tuple[Sentence, ...] = field(metadata={"help": "The plan in sentences."})
    changes: tuple[str, ...] = field(
        metadata={"help": "What differs from the plan that was confirmed (409); empty if nothing."}
    )
    trouble: str = field(
        metadata={"help": "Why the registry could not be tested (502); empty if it was not tried."}
    )
    refusal: str = field(metadata={"help": "Why none of it can be deleted; empty if some can."})
    tags: tuple[PlanTagRow, ...] = field(metadata={"help": "Each tag that was selected."})
    folded: tuple[PlanTagRow, ...] = field(
        metadata={"help": "The rest of them, where there are more than 50."}
    )
    parts: tuple[PlanPartRow, ...] = field(metadata={"help": "The manifests that go with them."})
    missing: tuple[str, ...] = field(metadata={"help": "What was selected and is not there."})
    freed_bytes: int = field(metadata={"help": "What garbage collection can free afterwards."})
    ability: AbilityPart = field(metadata={"help": "What the registry can do."})
    selection: str = field(metadata={"help": "What was selected, as the query of an address."})
    by_right: str = field(metadata={"help": "By which right you may delete here."})
    confirmation: Confirmation | None = field(
        metadata={"help": "The form to confirm it; null if there is nothing to do."}
    )

    @classmethod
    def build(
        cls,
        repository: Repository,
        selection: Selection,
        plan: DeletionPlan,
        *,
        access: Access,
        changes: tuple[str, ...] = (),
        error: str = "",
        trouble: str = "",
    ) -> "DeletionPlanPage":
        """Put a plan into words."""
        path = repository.get_absolute_url()
        fallen = frozenset(each.digest for each in plan.manifests)
        refusal = _refusal(plan)
        rows = tuple(PlanTagRow.build(tag, path, fallen, said=refusal) for tag in plan.tags)
        place = [repository.registry.slug, repository.name]
        return cls(
            registry=plan.registry,
            repository=plan.repository,
            crumbs=full_crumbs(repository),
            title=_title(plan),
            is_empty=selection.is_empty,
            going=len(plan.doable),
            staying=len(plan.refused),
            sentences=sentences_of(plan),
            changes=changes,
            trouble=in_own_language(trouble),
            refusal=in_own_language(refusal),
            tags=rows[:FOLDED_FROM],
            folded=rows[FOLDED_FROM:],
            parts=tuple(PlanPartRow.build(each, path) for each in plan.manifests),
            missing=plan.missing,
            freed_bytes=plan.freed_bytes,
            ability=AbilityPart.build(plan.ability, reverse("deletion-test", args=place)),
            selection=selection.query,
            by_right=_right(access, plan),
            confirmation=_confirmation(selection, plan, error, place) if plan.doable else None,
        )


def _title(plan: DeletionPlan) -> str:
    going = plan.doable
    if not going:
        if not plan.tags:
            return _("Nothing to delete")
        is_open = plan.ability.is_tested or plan.ability.is_read_only
        return _("Nothing can be deleted") if is_open else _("Nothing can be deleted yet")
    return _button(plan)


def _button(plan: DeletionPlan) -> str:
    return _("Delete %(what)s") % {"what": _what(plan)}


def _what(plan: DeletionPlan) -> str:
    going = plan.doable
    return going[0].name if len(going) == 1 else count_in_words(len(going), "tag")


def _refusal(plan: DeletionPlan) -> str:
    """Return the one reason that all tags stay for, or that the ability names."""
    if plan.doable or not plan.tags:
        return ""
    reasons = {tag.refusal for tag in plan.tags}
    return reasons.pop() if len(reasons) == 1 else _EACH_ITS_OWN


def _right(access: Access, plan: DeletionPlan) -> str:
    if access.is_administrator:
        return _("as an administrator")
    for scope in access.scopes:
        if scope.includes(Grant.Role.DELETE) and scope.covers(plan.registry, plan.repository):
            return f"{scope.pattern}: {Grant.Role(scope.role).label}"
    return ""


def _confirmation(
    selection: Selection, plan: DeletionPlan, error: str, place: list[str]
) -> Confirmation:
    word, why = word_to_type(selection, plan)
    return Confirmation(
        url=reverse("deletion-plan", args=place),
        button=_button(plan),
        fields=fields_of(selection, plan),
        word=word,
        why=why,
        error=error,
    )
