"""The headers in an rpm database that is an SQLite file."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from time import monotonic

from registryui.contents.packages.package import (
    MOST_BYTES,
    MOST_PACKAGES,
    UnreadableDatabaseError,
)
from registryui.oci.marking import gettext_noop

_MAGIC = b"SQLite format 3\0"
# A write-ahead log would be a file beside it; in memory there is none. Two bytes say which it is.
_MODE = slice(18, 20)
_ROLLBACK = b"\1\1"
# Steps of SQLite's machine, and seconds: one step alone may go through millions of pages.
_MOST_STEPS = 5_000_000
_MOST_SECONDS = 60
# A few MiB is what the largest packages have.
_LONGEST_HEADER = 32 * 1024 * 1024


def headers_of_sqlite(content: bytes) -> Iterator[bytes]:
    """Give the headers, one for each package; raise UnreadableDatabaseError."""
    if not content.startswith(_MAGIC):
        raise UnreadableDatabaseError(gettext_noop("rpmdb.sqlite is not an SQLite database."))
    try:
        with closing(_opened(content)) as database:
            _check_plain(database)
            yield from _headers(database)
    except (sqlite3.Error, UnicodeError, OverflowError, MemoryError) as error:
        raise UnreadableDatabaseError(
            gettext_noop("rpmdb.sqlite cannot be read: {message}.").format(message=error)
        ) from error


def _headers(database: sqlite3.Connection) -> Iterator[bytes]:
    """Give the headers as they lie: having them sorted could copy a file many times over."""
    left, until = MOST_BYTES, monotonic() + _MOST_SECONDS
    for number, (blob,) in enumerate(database.execute("SELECT blob FROM Packages")):
        left -= len(blob) if isinstance(blob, bytes) else 0
        if left < 0 or number > MOST_PACKAGES or monotonic() > until:
            raise UnreadableDatabaseError(
                gettext_noop("The headers in rpmdb.sqlite are larger than the file.")
            )
        if isinstance(blob, bytes):
            yield blob


def _check_plain(database: sqlite3.Connection) -> None:
    """Refuse what is computed instead of stored: a small file could make it as large as it likes.

    The computing is SQLite's own, where no limit of ours ends it.
    """
    tables = database.execute("SELECT type FROM pragma_table_list('Packages')").fetchall()
    columns = database.execute("SELECT hidden FROM pragma_table_xinfo('Packages')").fetchall()
    is_plain = tables in ([], [(b"table",)]) and not any(hidden for (hidden,) in columns)
    if not is_plain:
        raise UnreadableDatabaseError(
            gettext_noop("Packages in rpmdb.sqlite is not a plain table.")
        )


def _opened(content: bytes) -> sqlite3.Connection:
    database = sqlite3.connect(":memory:")
    image = bytearray(content)
    image[_MODE] = _ROLLBACK
    database.deserialize(bytes(image))
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_HEADER)
    database.execute("PRAGMA trusted_schema = OFF")
    database.execute("PRAGMA query_only = ON")
    database.execute("PRAGMA cell_size_check = ON")
    database.text_factory = bytes
    steps, until = iter(range(_MOST_STEPS // 1000)), monotonic() + _MOST_SECONDS
    # A handler that returns something ends the query.
    database.set_progress_handler(lambda: next(steps, None) is None or monotonic() > until, 1000)
    return database
