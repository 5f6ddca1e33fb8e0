"""The plan of a deletion: what goes, what stays, which way, and what cannot be done and why."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from registryui.accounts.access import Access
from registryui.catalog.models import Manifest, Repository
from registryui.catalog.pages.kinds import kind_in_english
from registryui.deletion.models import ProtectionRule
from registryui.deletion.planning.closure import Web, falling
from registryui.deletion.planning.freeing import freed_bytes
from registryui.deletion.planning.selection import Selection
from registryui.deletion.planning.snapshot import web_around
from registryui.deletion.planning.ways import Ability, way_of
from registryui.sync.known import in_lookups


@dataclass(frozen=True, slots=True)
class PlannedTag:
    """One tag that was asked for; ``refusal`` says why it cannot go, "" if it can."""

    name: str = field(metadata={"help": "The tag."})
    digest: str = field(metadata={"help": "Where it pointed when the plan was made."})
    way: str = field(metadata={"help": "UNTAG, REMOVE or REPLACE; empty if it stays."})
    others: tuple[str, ...] = field(metadata={"help": "Tags on the same digest that stay."})
    protected_by: ProtectionRule | None = field(
        metadata={"help": "The rule that protects it; null if none."}
    )
    refusal: str = field(metadata={"help": "Why it cannot be deleted; empty if it can."})


@dataclass(frozen=True, slots=True)
class PlannedManifest:
    """One manifest that goes because no tag and no index would lead to it any more.

    Where a registry does not delete by digest, only the tags that are called after it go.
    """

    digest: str = field(metadata={"help": "The manifest."})
    about: str = field(metadata={"help": "What it is, in words: OCI image, linux/arm64 …"})
    tags: tuple[str, ...] = field(metadata={"help": "The tags that go with it."})


@dataclass(frozen=True, slots=True)
class DeletionPlan:
    """Everything that confirming would do to one repository."""

    registry: str = field(metadata={"help": "The registry's name in addresses."})
    repository: str = field(metadata={"help": "The repository's full name."})
    ability: Ability = field(metadata={"help": "What the registry can do."})
    tags: tuple[PlannedTag, ...] = field(metadata={"help": "What was asked for."})
    manifests: tuple[PlannedManifest, ...] = field(metadata={"help": "In the order they go."})
    missing: tuple[str, ...] = field(metadata={"help": "Tags asked for that are not there."})
    freed_bytes: int = field(metadata={"help": "What garbage collection can free afterwards."})
    is_at_most: bool = field(
        default=False, metadata={"help": "Whether it may be less: not all repositories are seen."}
    )

    @property
    def doable(self) -> tuple[PlannedTag, ...]:
        """The tags that would go."""
        return tuple(tag for tag in self.tags if not tag.refusal)

    @property
    def refused(self) -> tuple[PlannedTag, ...]:
        """The tags that would stay, each with its reason."""
        return tuple(tag for tag in self.tags if tag.refusal)

    @property
    def fingerprint(self) -> str:
        """A text that is another one as soon as anything of the plan is: what was confirmed."""
        steps = [
            [[tag.name, tag.digest, tag.way] for tag in self.doable],
            [[each.digest, list(each.tags)] for each in self.manifests],
        ]
        return hashlib.sha256(json.dumps(steps).encode()).hexdigest()[:32]


def plan_deletion(
    repository: Repository, selection: Selection, *, access: Access, ability: Ability
) -> DeletionPlan:
    """Return what deleting the selection would do, from the index alone; nothing is changed.

    Whether ``access`` may delete in the repository at all is asked by the caller; here an
    administrator may delete protected tags and nobody else.
    """
    asked = selection.tags_of(repository)
    rules = ProtectionRule.objects.about(repository.registry.slug, repository.name)
    protected = {name: rule for name in asked if (rule := _rule_for(name, rules))}
    may_go = {
        name: digest
        for name, digest in asked.items()
        if access.is_administrator or name not in protected
    }
    web = web_around(repository, set(may_go.values()))
    decided, fallen = _decide(web, may_go, ability)
    tags = tuple(
        decided[name] if name in decided else _protected(name, digest, protected[name])
        for name, digest in asked.items()
    )
    return DeletionPlan(
        registry=repository.registry.slug,
        repository=repository.name,
        ability=ability,
        tags=tuple(_under_rule(tag, protected.get(tag.name)) for tag in tags),
        manifests=tuple(
            each
            for each in _manifests(fallen, web)
            if ability.by_digest or set(each.tags) - asked.keys()
        ),
        missing=selection.missing_in(asked),
        freed_bytes=freed_bytes(repository, fallen, access=access) if ability.by_digest else 0,
        is_at_most=not access.sees_all_of(repository.registry.slug),
    )


def _decide(
    web: Web, asked: Mapping[str, str], ability: Ability
) -> tuple[dict[str, PlannedTag], tuple[str, ...]]:
    """Decide each tag in the light of all others, and return what falls with those that can go.

    A tag that has to stay may keep what others counted on, so that is looked at again.
    """
    decided: dict[str, PlannedTag] = {}
    going = dict(asked)
    while True:
        fallen = falling(web, dict.fromkeys(going.values()), frozenset(going))
        falls = frozenset(fallen)
        for name, digest in going.items():
            others = tuple(sorted(tag for tag in web.tags_on(digest) if tag not in going))
            is_in_index = not others and digest not in falls
            way, refusal = way_of(ability, others=others, is_in_index=is_in_index)
            decided[name] = PlannedTag(name, digest, way.value, others, None, refusal)
        staying = {name for name in going if decided[name].refusal}
        if not staying:
            return decided, fallen
        going = {name: digest for name, digest in going.items() if name not in staying}


def _protected(name: str, digest: str, rule: ProtectionRule) -> PlannedTag:
    return PlannedTag(name, digest, "", (), None, rule.refusal)


def _under_rule(tag: PlannedTag, rule: ProtectionRule | None) -> PlannedTag:
    return replace(tag, protected_by=rule) if rule else tag


def _manifests(fallen: Sequence[str], web: Web) -> tuple[PlannedManifest, ...]:
    about: dict[str, str] = {}
    for part in in_lookups(fallen):
        rows = Manifest.objects.filter(digest__in=part).defer("content")
        about.update((row.digest, _about(row)) for row in rows)
    return tuple(
        PlannedManifest(digest, about.get(digest, ""), tuple(sorted(web.tags_on(digest))))
        for digest in fallen
    )


def _about(row: Manifest) -> str:
    words = kind_in_english(row.kind, media_type=row.media_type, artifact_type=row.artifact_type)
    return f"{words}, {row.platform}" if row.platform else words


def _rule_for(name: str, rules: Iterable[ProtectionRule]) -> ProtectionRule | None:
    return next((rule for rule in rules if rule.protects(name)), None)
