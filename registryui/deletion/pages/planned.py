"""The parts of a plan, as its page shows them."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registryui.deletion.planning.plan import DeletionPlan, PlannedManifest, PlannedTag
from registryui.deletion.planning.ways import Ability, Way
from registryui.deletion.wording import MOST_LISTED, UNDO, listed, shown_about
from registryui.web.sentences import in_own_language
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
        why = "" if tag.refusal == said else in_own_language(tag.refusal)
        return cls(
            name=tag.name,
            url=f"{path}-/tags/{tag.name}/",
            digest=tag.digest,
            digest_url=f"{path}-/manifests/{tag.digest}/",
            way=tag.way,
            words=why if tag.refusal else _way_words(tag, falls=tag.digest in fallen),
            protected_by=tag.protected_by.words if tag.protected_by else "",
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
        about = shown_about(manifest.about) or _("manifest")
        return cls(manifest.digest, url, about, manifest.tags)


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
            words=in_own_language(ability.words),
            test_url="" if ability.is_read_only else test_url,
        )


def sentences_of(plan: DeletionPlan) -> tuple[Sentence, ...]:
    """Say what a plan does: what goes, what goes with it, what stays, and what that frees."""
    going, staying = plan.doable, plan.refused
    found = [
        Sentence("GOES", _going_words([tag.name for tag in going])) if going else None,
        Sentence("GOES", _parts_words(plan.manifests)) if going and plan.manifests else None,
        Sentence("STAYS", _staying_words([tag.name for tag in staying])) if staying else None,
        Sentence("NOTE", _missing_words(plan.missing)) if plan.missing else None,
        Sentence("NOTE", _freed_words(plan)) if going else None,
        Sentence("NOTE", _(UNDO)) if going else None,
    ]
    return tuple(each for each in found if each)


def _going_words(names: list[str]) -> str:
    gaps = {"names": listed(names), "number": f"{len(names):,}"}
    if len(names) > MOST_LISTED + 1:
        return _("%(number)s tags are deleted: %(names)s.") % gaps
    return ngettext("%(names)s is deleted.", "%(names)s are deleted.", len(names)) % gaps


def _staying_words(names: list[str]) -> str:
    gaps = {"names": listed(names), "number": f"{len(names):,}"}
    if len(names) > MOST_LISTED + 1:
        return _("%(number)s tags are kept: %(names)s.") % gaps
    return ngettext("%(names)s is kept.", "%(names)s are kept.", len(names)) % gaps


def _parts_words(manifests: tuple[PlannedManifest, ...]) -> str:
    kinds = Counter(_kind(each) for each in manifests)
    parts = ", ".join(f"{count:,} × {kind}" for kind, count in kinds.most_common())
    if len(manifests) == 1:
        return _("Its manifest goes, too, because nothing else leads to it: %(parts)s.") % {
            "parts": parts
        }
    return _("%(number)s manifests go, too, because nothing else leads to them: %(parts)s.") % {
        "number": f"{len(manifests):,}",
        "parts": parts,
    }


def _kind(manifest: PlannedManifest) -> str:
    return in_own_language(manifest.about.partition(", ")[0]) or _("manifest")


def _missing_words(missing: tuple[str, ...]) -> str:
    return ngettext(
        "%(names)s is not there, or not any more.",
        "%(names)s are not there, or not any more.",
        len(missing),
    ) % {"names": listed(missing)}


def _freed_words(plan: DeletionPlan) -> str:
    if not plan.ability.by_digest:
        return _(
            "This registry only takes the names away. Space is freed by garbage collection where "
            "it removes what has no tag."
        )
    if not plan.freed_bytes:
        return _("No space is freed: other images use all of it.")
    gaps = {"size": size(plan.freed_bytes)}
    if plan.is_at_most:
        return (
            _(
                "The registry's garbage collection frees at most %(size)s when it runs: less if "
                "repositories that you may not see use some of it."
            )
            % gaps
        )
    return (
        _(
            "%(size)s are used by nothing else; the registry frees them when its garbage "
            "collection runs, not before."
        )
        % gaps
    )


def _way_words(tag: PlannedTag, *, falls: bool) -> str:
    gaps = {"names": listed(tag.others)}
    if tag.way == Way.REMOVE.value:
        return _("by digest, with its image: nothing else needs it")
    if tag.way == Way.REPLACE.value and tag.others:
        return (
            _("replaced first, then what replaced it is deleted; the image stays under %(names)s")
            % gaps
        )
    if tag.way == Way.REPLACE.value:
        return _(
            "replaced first, then what replaced it is deleted; the image stays without this tag"
        )
    if falls:
        return _("first the tag, then its image by digest: nothing else needs it")
    if tag.others:
        return _("the tag alone; the image stays under %(names)s") % gaps
    return _("the tag alone; the image stays without this tag")
