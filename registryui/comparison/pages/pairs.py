"""What differs in names with values: how the images run, their environment, their labels."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext

from registryui.catalog.pages.facts import Pairs, running
from registryui.inventory.environment import is_secret, shown_name
from registryui.oci import annotations
from registryui.oci.config import ImageConfig

ADDED, REMOVED, CHANGED = "ADDED", "REMOVED", "CHANGED"
MOST_ROWS = 500


@dataclass(frozen=True, slots=True)
class PairChange:
    """One name whose value is not the same in both."""

    key: str = field(metadata={"help": "The name."})
    words: str = field(metadata={"help": "What a well-known name means; empty for others."})
    state: str = field(metadata={"help": "ADDED, REMOVED or CHANGED."})
    before: str = field(metadata={"help": "The first one's value; empty if hidden or not there."})
    after: str = field(metadata={"help": "The second one's value; empty if hidden or not there."})
    is_hidden: bool = field(metadata={"help": "Whether values look like secrets: not shown."})


@dataclass(frozen=True, slots=True)
class PairChanges:
    """All names whose values are not the same."""

    added: int = field(metadata={"help": "How many only the second has."})
    removed: int = field(metadata={"help": "How many only the first has."})
    changed: int = field(metadata={"help": "How many have other values."})
    equal: int = field(metadata={"help": "How many are the same in both."})
    rows: tuple[PairChange, ...] = field(metadata={"help": "The first 500 that differ, by name."})


def pair_changes(before: Pairs, after: Pairs) -> PairChanges:
    """Compare variables, labels or annotations; of a repeated name the last counts."""
    return _changes(dict(before), dict(after))


def running_changes(before: ImageConfig | None, after: ImageConfig | None) -> PairChanges:
    """Compare how containers of two images would run."""
    return _changes(_running(before), _running(after), is_ordered=True)


def _running(config: ImageConfig | None) -> Mapping[str, str]:
    return {fact.name: fact.value for fact in running(config)} if config else {}


def _changes(
    before: Mapping[str, str], after: Mapping[str, str], *, is_ordered: bool = False
) -> PairChanges:
    names: Iterable[str] = dict.fromkeys((*before, *after))
    differing = [name for name in names if before.get(name) != after.get(name)]
    if not is_ordered:
        differing.sort()
    added = sum(name not in before for name in differing)
    removed = sum(name not in after for name in differing)
    return PairChanges(
        added=added,
        removed=removed,
        changed=len(differing) - added - removed,
        equal=len({*before, *after}) - len(differing),
        rows=tuple(_row(name, before, after) for name in differing[:MOST_ROWS]),
    )


def _row(name: str, before: Mapping[str, str], after: Mapping[str, str]) -> PairChange:
    first, second = before.get(name, ""), after.get(name, "")
    is_hidden = is_secret(name, first) or is_secret(name, second)
    return PairChange(
        key=shown_name(name) if is_hidden else name,
        words=gettext(annotations.words_for(name)) if annotations.words_for(name) else "",
        state=CHANGED if name in before and name in after else ADDED if name in after else REMOVED,
        before="" if is_hidden else first,
        after="" if is_hidden else second,
        is_hidden=is_hidden,
    )
