"""Which packages two images have, and in which versions."""

from dataclasses import dataclass, field

from django.utils.translation import gettext

from registryui.comparison.packages import PackageChange, Side, package_changes, packages_of_both
from registryui.comparison.pages.pairs import ADDED, CHANGED, REMOVED

MOST_ROWS = 1_000


@dataclass(frozen=True, slots=True)
class PackageChangeRow:
    """One package that is not the same in both."""

    kind: str = field(metadata={"help": "deb, apk, rpm …"})
    name: str = field(metadata={"help": "Its name."})
    state: str = field(metadata={"help": "ADDED, REMOVED or CHANGED."})
    before: tuple[str, ...] = field(metadata={"help": "Its versions in the first."})
    after: tuple[str, ...] = field(metadata={"help": "Its versions in the second."})


@dataclass(frozen=True, slots=True)
class PackagesCompared:
    """The packages of two images."""

    source: str = field(metadata={"help": "How they are known, in words."})
    added: int = field(metadata={"help": "How many only the second has."})
    removed: int = field(metadata={"help": "How many only the first has."})
    changed: int = field(metadata={"help": "How many have other versions."})
    equal: int = field(metadata={"help": "How many are the same in both."})
    rows: tuple[PackageChangeRow, ...] = field(
        metadata={"help": "The first 1,000 that differ, by name."}
    )


def packages_compared(first: Side, second: Side, *, is_inside: bool) -> PackagesCompared | None:
    """Compare packages; None if those of one image are not known."""
    both = packages_of_both(first, second, is_inside=is_inside)
    if both is None:
        return None
    source, before, after = both
    rows = [_row(change) for change in package_changes(before, after)]
    states = [row.state for row in rows]
    return PackagesCompared(
        source=gettext(source.words),
        added=states.count(ADDED),
        removed=states.count(REMOVED),
        changed=states.count(CHANGED),
        equal=len(before.keys() | after.keys()) - len(rows),
        rows=tuple(rows[:MOST_ROWS]),
    )


def _row(change: PackageChange) -> PackageChangeRow:
    state = CHANGED if change.before and change.after else ADDED if change.after else REMOVED
    return PackageChangeRow(change.kind, change.name, state, change.before, change.after)
