"""The parts of a plan, as its page shows them."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from registryui.deletion.planning.plan import DeletionPlan, PlannedManifest, PlannedTag
from registryui.deletion.planning.ways import Ability, Way
from registryui.deletion.wording import MOST_LISTED, UNDO, counted, listed
from registryui.web.templatetags.show import size


@dataclass(frozen=True, slots=True)
class PlanTagRow:
    """One tag that was chosen, and what happens to it."""

    name: str = field(metadata={"help": "The tag."})
    url: str = field(metadata={"help": "Its address."})
    digest: str = field(metadata={"help": "Where it points."})
    digest_url: str = field(metadata={"help": "Address of the manifest."})
    way: str = field(metadata={"help": "UNTAG, REMOVE or REPLACE; empty if it stays."})
    words: str = field(
        metadata={"help": "How it goes, or why it stays; empty if all stay for one reason."}
    )
    protected_by: str = field(metadata={"help": "The rule that protects it; empty if none."})

    @classmethod
    def build(
        cls, tag: PlannedTag, path: str, fallen: frozenset[str], *, said: str
    ) -> "PlanTagRow":
        """Say what becomes of a tag; ``fallen`` are the manifests that go, ``said`` is known."""
        why = "" if tag.refusal == said else tag.refusal
        return cls(
            name=tag.name,
            url=f"{path}-/tags/{tag.name}/",
            digest=tag.digest,
            digest_url=f"{path}-/manifests/{tag.digest}/",
            way=tag.way,
            words=why if tag.refusal else _way_words(tag, falls=tag.digest in fallen),
            protected_by=tag.protected_by,
        )


@dataclass(frozen=True, slots=True)
class PlanPartRow:
    """One manifest that goes because nothing would lead to it any more."""

    digest: str = field(metadata={"help": "The manifest."})
    digest_url: str = field(metadata={"help": "Its address."})
    about: str = field(metadata={"help": "What it is, in words."})
    tags: tuple[str, ...] = field(metadata={"help": "The tags that go with it."})

    @classmethod
    def build(cls, manifest: PlannedManifest, path: str) -> "PlanPartRow":
        """Read one."""
        url = f"{path}-/manifests/{manifest.digest}/"
        return cls(manifest.digest, url, manifest.about or "manifest", manifest.tags)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a plan."""

    kind: str = field(metadata={"help": "GOES, STAYS or NOTE."})
    text: str = field(metadata={"help": "The sentence."})


@dataclass(frozen=True, slots=True)
class AbilityPart:
    """What the registry can do, and how we know."""

    is_read_only: bool = field(metadata={"help": "Whether Registry UI changes nothing at all."})
    is_tested: bool = field(metadata={"help": "Whether it was ever tested."})
    tested_at: datetime | None = field(metadata={"help": "When it was last tested."})
    words: str = field(metadata={"help": "What the test showed."})
    test_url: str = field(metadata={"help": "Where to POST to test it: nothing is deleted by it."})

    @classmethod
    def build(cls, ability: Ability, test_url: str) -> "AbilityPart":
        """Read what was tested."""
        return cls(
            is_read_only=ability.is_read_only,
            is_tested=ability.is_tested,
            tested_at=ability.tested_at,
            words=ability.words,
            test_url="" if ability.is_read_only else test_url,
        )


def sentences_of(plan: DeletionPlan) -> tuple[Sentence, ...]:
    """Say what a plan does: what goes, what goes with it, what stays, and what that frees."""
    going, staying = plan.doable, plan.refused
    found = [
        Sentence("GOES", _tags([tag.name for tag in going], "deleted")) if going else None,
        Sentence("GOES", _parts_words(plan.manifests)) if going and plan.manifests else None,
        Sentence("STAYS", _tags([tag.name for tag in staying], "kept")) if staying else None,
        Sentence("NOTE", _missing_words(plan.missing)) if plan.missing else None,
        Sentence("NOTE", _freed_words(plan)) if going else None,
        Sentence("NOTE", UNDO) if going else None,
    ]
    return tuple(each for each in found if each)


def _tags(names: list[str], done: str) -> str:
    if len(names) <= MOST_LISTED + 1:
        return f"{listed(names)} {'is' if len(names) == 1 else 'are'} {done}."
    return f"{counted(len(names), 'tag')} are {done}: {listed(names)}."


def _parts_words(manifests: tuple[PlannedManifest, ...]) -> str:
    kinds = Counter((each.about or "manifest").partition(", ")[0] for each in manifests)
    parts = ", ".join(f"{count:,} × {kind}" for kind, count in kinds.most_common())
    if len(manifests) == 1:
        return f"Its manifest goes, too, because nothing else leads to it: {parts}."
    return f"{len(manifests):,} manifests go, too, because nothing else leads to them: {parts}."


def _missing_words(missing: tuple[str, ...]) -> str:
    verb = "is" if len(missing) == 1 else "are"
    return f"{listed(missing)} {verb} not there, or not any more."


def _freed_words(plan: DeletionPlan) -> str:
    if not plan.ability.by_digest:
        return (
            "This registry only takes the names away. Space is freed by garbage collection where "
            "it removes what has no tag."
        )
    if not plan.freed_bytes:
        return "No space is freed: other images use all of it."
    if plan.is_at_most:
        return (
            f"The registry's garbage collection frees at most {size(plan.freed_bytes)} when it "
            "runs: less if repositories that you may not see use some of it."
        )
    return (
        f"{size(plan.freed_bytes)} are used by nothing else; the registry frees them when its "
        "garbage collection runs, not before."
    )


def _way_words(tag: PlannedTag, *, falls: bool) -> str:
    if tag.way == Way.REMOVE.value:
        return "by digest, with its image: nothing else needs it"
    under = f"under {listed(tag.others)}" if tag.others else "without this tag"
    if tag.way == Way.REPLACE.value:
        return f"replaced first, then what replaced it is deleted; the image stays {under}"
    if falls:
        return "first the tag, then its image by digest: nothing else needs it"
    return f"the tag alone; the image stays {under}"
