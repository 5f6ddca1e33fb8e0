"""The headers in an rpm database that is an SQLite file."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

from registryui.contents.packages.package import UnreadableDatabaseError
from registryui.oci.marking import gettext_noop

_MAGIC = b"SQLite format 3\0"
# A write-ahead log would be a file beside it; in memory there is none. Two bytes say which it is.
_MODE = slice(18, 20)
_ROLLBACK = b"\1\1"
# Steps of SQLite's machine: a hostile view could have it count for ever.
_MOST_STEPS = 5_000_000


def headers_of_sqlite(content: bytes) -> Iterator[bytes]:
    """Give the headers, one for each package; raise UnreadableDatabaseError."""
    if not content.startswith(_MAGIC):
        raise UnreadableDatabaseError(gettext_noop("rpmdb.sqlite is not an SQLite database."))
    try:
        with closing(_opened(content)) as database:
            for (blob,) in database.execute("SELECT blob FROM Packages ORDER BY hnum"):
                if isinstance(blob, bytes):
                    yield blob
    except (sqlite3.Error, UnicodeError, OverflowError, MemoryError) as error:
        raise UnreadableDatabaseError(
            gettext_noop("rpmdb.sqlite cannot be read: {message}.").format(message=error)
        ) from error


def _opened(content: bytes) -> sqlite3.Connection:
    database = sqlite3.connect(":memory:")
    image = bytearray(content)
    image[_MODE] = _ROLLBACK
    database.deserialize(bytes(image))
    database.execute("PRAGMA trusted_schema = OFF")
    database.execute("PRAGMA query_only = ON")
    database.execute("PRAGMA cell_size_check = ON")
    database.text_factory = bytes
    steps = iter(range(_MOST_STEPS // 1000))
    # A handler that returns something ends the query.
    database.set_progress_handler(lambda: next(steps, None) is None, 1000)
    return database
