"""Which files differ between two images, or what has to be done before that is known."""

from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _

from registryui.catalog.models import Manifest
from registryui.comparison.models import FileComparison
from registryui.comparison.naming import Found
from registryui.comparison.pages.pairs import ADDED, CHANGED, REMOVED
from registryui.comparison.storing import OTHER_PLACES, STATES, Filter, count, found
from registryui.comparison.walking import CONTENT, KIND, LINK, MODE, OWNER, Change, Facts
from registryui.comparison.work import (
    BROKE_OFF,
    NOT_READ,
    UNREADABLE,
    is_at_it,
    is_of,
    open_trees,
)
from registryui.contents.api import (
    EntryKind,
    ReadingPart,
    files_url,
    has_files,
    kind_words,
    mode_words,
    reading_of_image,
    tree_key_of,
    tree_of_image,
    wanted_of,
)
from registryui.web.pagination import Pagination, address, paginate
from registryui.web.query import text_in

HIDDEN, NOTHING, SAME, UNREAD, UNDER_WAY, READY = (
    "HIDDEN", "NOTHING", "SAME", "UNREAD", "UNDER_WAY", "READY",
)  # fmt: skip
_STATES = dict(zip(STATES, (ADDED, REMOVED, CHANGED), strict=True))
_ASKED = {"added": STATES[0], "removed": STATES[1], "changed": STATES[2]}


@dataclass(frozen=True, slots=True)
class FileSide:
    """What one of the two images has at a path."""

    kind: str = field(metadata={"help": "FILE, DIRECTORY, SYMLINK …"})
    kind_words: str = field(metadata={"help": "The same in words."})
    size_bytes: int = field(metadata={"help": "A file's size; 0 of everything else."})
    mode: str = field(metadata={"help": "As ls shows it; empty if no layer says."})
    owner: str = field(metadata={"help": "Numbers of the user and the group."})
    link: str = field(metadata={"help": "Where a link leads."})
    sha256: str = field(metadata={"help": "Of a file's bytes; empty if not known."})
    url: str = field(metadata={"help": "Where it is opened; empty for what cannot be."})


@dataclass(frozen=True, slots=True)
class FileChangeRow:
    """One path that differs."""

    path: str = field(metadata={"help": "The path from the root."})
    state: str = field(metadata={"help": "ADDED, REMOVED or CHANGED."})
    what: tuple[str, ...] = field(metadata={"help": "What differs of it, in words."})
    growth_bytes: int = field(metadata={"help": "How many bytes the second has more."})
    before: FileSide | None = field(metadata={"help": "In the first; null if not there."})
    after: FileSide | None = field(metadata={"help": "In the second; null if not there."})


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """What differs below one directory."""

    path: str = field(metadata={"help": "The directory; empty for the root itself."})
    url: str = field(metadata={"help": "Address of just these; empty if there is none."})
    added: int = field(metadata={"help": "How many only the second has."})
    removed: int = field(metadata={"help": "How many only the first has."})
    changed: int = field(metadata={"help": "How many are in both, and differ."})
    growth_bytes: int = field(metadata={"help": "How many bytes the second has more."})


@dataclass(frozen=True, slots=True)
class FilesCompared:
    """The files of two images."""

    state: str = field(
        metadata={
            "help": "READY; SAME layers; UNREAD if it has to be asked for; UNDER_WAY; NOTHING to "
            "be read in one of them; HIDDEN from who may not look inside both."
        }
    )
    url: str = field(metadata={"help": "Address of the page; POST has the files compared."})
    unread: int = field(metadata={"help": "How many layers have to be read first."})
    unread_bytes: int = field(metadata={"help": "How large these are, as stored."})
    readings: tuple[ReadingPart, ...] = field(metadata={"help": "The readings that go on."})
    progress: int = field(metadata={"help": "Entries gone through so far."})
    total: int = field(metadata={"help": "Entries of both; 0 until comparing begins."})
    error: str = field(metadata={"help": "Why the last try failed; empty if it did not."})
    added: int = field(metadata={"help": "How many only the second has."})
    removed: int = field(metadata={"help": "How many only the first has."})
    changed: int = field(metadata={"help": "How many are in both, and differ."})
    equal: int = field(metadata={"help": "How many are the same in both."})
    growth_bytes: int = field(metadata={"help": "How many bytes the second has more, unpacked."})
    places: tuple[PlaceRow, ...] = field(metadata={"help": "Where most of them are."})
    show: str = field(metadata={"help": "added, removed, changed, or empty for all."})
    q: str = field(metadata={"help": "What was looked for in paths; empty if nothing."})
    below: str = field(metadata={"help": "Below which directory; empty for everywhere."})
    is_cut: bool = field(metadata={"help": "Whether there are more than are listed at all."})
    pagination: Pagination = field(metadata={"help": "Where in the list this page stands."})
    rows: tuple[FileChangeRow, ...] = field(metadata={"help": "The paths of this page."})


@dataclass(frozen=True, slots=True)
class Sides:
    """The two images whose files are compared."""

    first: Found
    second: Found
    images: tuple[Manifest, Manifest]


def files_compared(sides: Sides, query: QueryDict, *, path: str, is_inside: bool) -> FilesCompared:
    """Read what is known of the files; nothing is read or compared for it."""
    comparison = _comparison(sides) if is_inside else None
    state = _state(sides, comparison, is_inside=is_inside)
    shown = comparison if state == READY else None
    wanted = _filter(query)
    total = count(shown, wanted) if shown else 0
    pagination = paginate(query, path=path, total=total, size=settings.PAGE_SIZE)
    rows = _rows(shown, wanted, pagination, sides) if shown else ()
    missing = [_unread(found, image) for found, image in _pairs(sides)] if state == UNREAD else []
    under_way = comparison if state == UNDER_WAY else None
    return FilesCompared(
        state=state,
        url=address(query, path=path, page="", show="", q="", below=""),
        unread=sum(number for number, _size in missing),
        unread_bytes=sum(size for _number, size in missing),
        readings=_readings(sides) if under_way else (),
        progress=under_way.progress if under_way else 0,
        total=under_way.total if under_way else 0,
        error=_error(comparison, sides) if comparison and state == UNREAD else "",
        added=shown.added_count if shown else 0,
        removed=shown.removed_count if shown else 0,
        changed=shown.changed_count if shown else 0,
        equal=_equal(sides, shown, state),
        growth_bytes=shown.growth_bytes if shown else 0,
        places=_places(shown, query, path) if shown else (),
        show=text_in(query, "show", most=10) if wanted.states != STATES else "",
        q=wanted.text,
        below=wanted.below,
        is_cut=shown is not None and shown.is_cut,
        pagination=pagination,
        rows=rows,
    )


def _comparison(sides: Sides) -> FileComparison | None:
    first, second = (tree_key_of(image) for image in sides.images)
    return FileComparison.objects.filter(first=first, second=second).first()


def _state(sides: Sides, comparison: FileComparison | None, *, is_inside: bool) -> str:
    if not is_inside:
        return HIDDEN
    if not all(has_files(image) for image in sides.images):
        return NOTHING
    first, second = sides.images
    if tree_key_of(first) == tree_key_of(second):
        return SAME
    if comparison is not None and comparison.state == FileComparison.State.READY:
        # It was made for somebody: each repository may show only what it holds itself.
        first_side, second_side = ((found.repository, row) for found, row in _pairs(sides))
        if is_of(comparison, open_trees(first_side, second_side)):
            return READY
        return UNDER_WAY if _readings(sides) else UNREAD
    return UNDER_WAY if comparison is not None and is_at_it(comparison) else UNREAD


def _error(comparison: FileComparison, sides: Sides) -> str:
    """Say why the last try came to nothing; one without an end was given up."""
    parts = (reading_of_image(image, found.repository) for found, image in _pairs(sides))
    error = next((part.error for part in parts if part and part.error), "")
    if error and (comparison.state == FileComparison.State.READY or comparison.reason == NOT_READ):
        return UNREADABLE.format(reason=error)
    if comparison.state == FileComparison.State.READY:
        return ""
    return comparison.reason or BROKE_OFF


def _equal(sides: Sides, shown: FileComparison | None, state: str) -> int:
    if shown is not None:
        return shown.equal_count
    tree = tree_of_image(sides.images[0], sides.first.repository) if state == SAME else None
    return tree.entry_count if tree else 0


def _pairs(sides: Sides) -> tuple[tuple[Found, Manifest], tuple[Found, Manifest]]:
    return (sides.first, sides.images[0]), (sides.second, sides.images[1])


def _unread(found: Found, image: Manifest) -> tuple[int, int]:
    if tree_of_image(image, found.repository):
        return 0, 0
    wanted = wanted_of(found.repository, image)
    return len(wanted.layers), wanted.total_bytes


def _readings(sides: Sides) -> tuple[ReadingPart, ...]:
    parts = (reading_of_image(image, found.repository) for found, image in _pairs(sides))
    return tuple(part for part in parts if part is not None and part.is_live)


def _filter(query: QueryDict) -> Filter:
    state = _ASKED.get(query.get("show", ""))
    return Filter(
        states=(state,) if state else STATES,
        text=text_in(query, "q", most=200),
        below=text_in(query, "below", most=1000).strip("/"),
    )


def _places(comparison: FileComparison, query: QueryDict, path: str) -> tuple[PlaceRow, ...]:
    def url(place: str) -> str:
        return address(query, path=path, below=place) if place not in ("", OTHER_PLACES) else ""

    return tuple(PlaceRow(place, url(place), *counts) for place, *counts in comparison.places)


def _rows(
    comparison: FileComparison, wanted: Filter, pagination: Pagination, sides: Sides
) -> tuple[FileChangeRow, ...]:
    most = pagination.last - pagination.offset
    changes = found(comparison, wanted, offset=pagination.offset, most=most)
    opens = [f"{files_url(each.repository, image)}open/" for each, image in _pairs(sides)]
    return tuple(_row(change, *opens) for change in changes)


def _row(change: Change, opens_before: str, opens_after: str) -> FileChangeRow:
    directory, name = change.directory, change.name
    path = f"{directory}/{name}" if directory else name
    return FileChangeRow(
        path=path,
        state=_STATES[change.state],
        what=tuple(_words(letter) for letter in change.what),
        growth_bytes=change.growth,
        before=_side(change.before, path, opens_before) if change.before else None,
        after=_side(change.after, path, opens_after) if change.after else None,
    )


def _side(facts: Facts, path: str, opens: str) -> FileSide:
    kind = EntryKind(facts.kind)
    is_openable = kind in (EntryKind.FILE, EntryKind.HARD_LINK)
    return FileSide(
        kind=kind.name,
        kind_words=kind_words(kind),
        size_bytes=facts.size,
        mode=mode_words(kind, facts.mode) if facts.mode >= 0 else "",
        owner=f"{facts.uid}:{facts.gid}" if facts.mode >= 0 else "",
        link=facts.link,
        sha256=facts.sha256,
        url=f"{opens}?{urlencode({'path': path})}" if is_openable else "",
    )


def _words(letter: str) -> str:
    return {
        KIND: _("kind"),
        CONTENT: _("content"),
        MODE: _("mode"),
        OWNER: _("owner"),
        LINK: _("link"),
    }[letter]
