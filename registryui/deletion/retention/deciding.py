"""What a rule does to one repository now: what goes and stays, why, and what has to wait."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext_noop

from registryui.accounts.access import Access, Scope
from registryui.accounts.models import Grant
from registryui.accounts.pattern import ANY, matches
from registryui.catalog.freshness import of_repository
from registryui.catalog.models import Repository, Tag
from registryui.deletion.models.operation import Operation
from registryui.deletion.models.protection import ProtectionRule
from registryui.deletion.models.retention import RetentionRule
from registryui.deletion.planning.freeing import freed_bytes
from registryui.deletion.planning.plan import DeletionPlan, PlannedManifest, plan_deletion
from registryui.deletion.planning.selection import Selection
from registryui.deletion.planning.ways import Ability
from registryui.deletion.retention.choosing import Verdict, choose
from registryui.deletion.retention.reading import pulls_known_since, tags_of, terms_of
from registryui.deletion.retention.untagged import untagged_in

_NOT_KNOWN = gettext_noop("What it holds now is not known: {reason}")
_BUSY = gettext_noop(
    "Something is being deleted or restored there already; the next run looks again."
)
_ALL = gettext_noop("All {total} tags of the repository would go.")
_TOO_MANY = gettext_noop(
    "{going} of {total} tags of the repository would go, more than {percent} %."
)
_CANNOT = gettext_noop("It cannot go: {reason}")
_NOT_CONFIRMED = gettext_noop("It was not among what was confirmed.")


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of one repository; ``skipped`` says why it is left alone.

    ``plan`` is there when anything goes; ``held`` says why somebody has to confirm it first.
    """

    registry: str
    repository: str
    verdicts: tuple[Verdict, ...] = ()
    plan: DeletionPlan | None = None
    untagged: int = 0
    skipped: str = ""
    held: str = ""

    @property
    def going(self) -> tuple[Verdict, ...]:
        """The tags that go."""
        return tuple(each for each in self.verdicts if each.goes)

    @property
    def staying_count(self) -> int:
        """How many tags that the rule is about stay."""
        return len(self.verdicts) - len(self.going)

    @property
    def freed_bytes(self) -> int:
        """What garbage collection can free afterwards."""
        return self.plan.freed_bytes if self.plan else 0


class Decider:
    """A rule at one moment, with what is known besides: other rules, protection, pulls."""

    def __init__(self, rule: RetentionRule, *, now: datetime) -> None:
        """Read the other rules once, for all repositories."""
        self._rule, self._now, self._terms = rule, now, terms_of(rule)
        self._access = access_of(rule)
        others = RetentionRule.objects.switched_on().exclude(pk=rule.pk)
        self._others = list(others.order_by("pk"))
        self._protections = list(ProtectionRule.objects.order_by("pk"))
        self._pulls: dict[int, datetime | None] = {}

    def decide(
        self, repository: Repository, *, only: frozenset[tuple[str, str]] | None = None
    ) -> Decision:
        """Decide over a repository, its registry loaded; ``only`` these (tag, digest) may go."""
        place = (repository.registry.slug, repository.name)
        ability = Ability.of(repository.registry, is_read_only=False)
        if reason := self._why_skipped(repository, ability):
            return Decision(*place, skipped=reason)
        verdicts = self._choose(repository)
        if only is not None:
            verdicts = tuple(_limited(each, only) for each in verdicts)
        untagged = self._untagged(repository, ability)
        plan = self._plan(repository, verdicts, ability)
        verdicts = _as_far_as_possible(verdicts, plan)
        going = sum(each.goes for each in verdicts)
        return Decision(
            *place,
            verdicts=verdicts,
            plan=self._with(plan, untagged, repository) if going or untagged else None,
            untagged=len(untagged),
            held=self._why_held(repository, going) if going else "",
        )

    def _why_skipped(self, repository: Repository, ability: Ability) -> str:
        freshness = of_repository(repository, now=self._now)
        if freshness.state != "fresh":
            return _NOT_KNOWN.format(reason=freshness.reason)
        busy = Operation.objects.unfinished().filter(registry=repository.registry_id)
        if busy.filter(repository=repository.name).exists():
            return _BUSY
        return "" if ability.is_tested else ability.words

    def _choose(self, repository: Repository) -> tuple[Verdict, ...]:
        slug, name = repository.registry.slug, repository.name
        protections = [each for each in self._protections if _is_about(each, slug, name)]
        others = [terms_of(each) for each in self._others if _is_about(each, slug, name)]
        return choose(
            tags_of(repository, protections),
            self._terms,
            self._now,
            others=others,
            pulls_known_since=self._pulls_known_since(repository),
        ).verdicts

    def _pulls_known_since(self, repository: Repository) -> datetime | None:
        key = repository.registry_id
        if key not in self._pulls:
            self._pulls[key] = pulls_known_since(repository.registry)
        return self._pulls[key]

    def _untagged(self, repository: Repository, ability: Ability) -> tuple[PlannedManifest, ...]:
        days = self._rule.untagged_days
        if days is None or not ability.by_digest:
            return ()
        return untagged_in(repository, days=days, now=self._now)

    def _why_held(self, repository: Repository, going: int) -> str:
        total = Tag.objects.in_repository(repository).for_people().count()
        if going >= total:
            return _ALL.format(total=f"{total:,}")
        percent = 100 * going / total
        if percent > self._rule.max_percent:
            most = self._rule.max_percent
            return _TOO_MANY.format(going=f"{going:,}", total=f"{total:,}", percent=most)
        return ""

    def _plan(
        self, repository: Repository, verdicts: Iterable[Verdict], ability: Ability
    ) -> DeletionPlan:
        names = Selection(tags=tuple(each.name for each in verdicts if each.goes))
        return plan_deletion(repository, names, access=self._access, ability=ability)

    def _with(
        self, plan: DeletionPlan, untagged: tuple[PlannedManifest, ...], repository: Repository
    ) -> DeletionPlan:
        """Return the plan with the manifests that no tag leads to, and what all of it frees."""
        if not untagged:
            return plan
        manifests = {each.digest: each for each in (*plan.manifests, *untagged)}
        freed = freed_bytes(repository, manifests, access=self._access)
        return replace(plan, manifests=tuple(manifests.values()), freed_bytes=freed)


def access_of(rule: RetentionRule) -> Access:
    """Return what a rule may see: what it is about, as all may who are shown what it does.

    It deletes there, but never what is protected.
    """
    scope = Scope(Grant.Role.BROWSE, rule.registry, rule.repository)
    return Access(None, "retention", "SYSTEM", scopes=(scope,))


def _as_far_as_possible(verdicts: Iterable[Verdict], plan: DeletionPlan) -> tuple[Verdict, ...]:
    """Let those stay that the registry cannot delete as they would have to be."""
    refusals = {tag.name: tag.refusal for tag in plan.refused}
    return tuple(
        replace(each, goes=False, why=_CANNOT.format(reason=refusals[each.name]))
        if each.name in refusals
        else each
        for each in verdicts
    )


def _limited(verdict: Verdict, only: frozenset[tuple[str, str]]) -> Verdict:
    if not verdict.goes or (verdict.name, verdict.digest) in only:
        return verdict
    return replace(verdict, goes=False, why=_NOT_CONFIRMED)


def _is_about(rule: RetentionRule | ProtectionRule, registry: str, repository: str) -> bool:
    return rule.registry in (ANY, registry) and matches(rule.repository, repository)
