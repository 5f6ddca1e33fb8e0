"""Reads rpm's databases in the three forms that are found: SQLite, ndb, and Berkeley DB."""

from collections.abc import Callable, Iterator

from registryui.contents.packages.package import Package, UnreadableDatabaseError, bounded
from registryui.contents.packages.rpm_bdb import headers_of_bdb
from registryui.contents.packages.rpm_header import read_header
from registryui.contents.packages.rpm_ndb import headers_of_ndb
from registryui.contents.packages.rpm_sqlite import headers_of_sqlite
from registryui.oci.marking import gettext_noop

Reader = Callable[[bytes], Iterator[bytes]]


def read_sqlite(content: bytes) -> tuple[Package, ...]:
    """Return the packages of ``rpmdb.sqlite``: Fedora since 33, its relatives since 9."""
    return _packages(headers_of_sqlite, content)


def read_ndb(content: bytes) -> tuple[Package, ...]:
    """Return the packages of ``Packages.db``: SUSE."""
    return _packages(headers_of_ndb, content)


def read_bdb(content: bytes) -> tuple[Package, ...]:
    """Return the packages of ``Packages``, a hash of Berkeley DB: everything older."""
    return _packages(headers_of_bdb, content)


def _packages(reader: Reader, content: bytes) -> tuple[Package, ...]:
    """Read all headers; one that is broken does not hide the others, but all of them do."""
    broken = 0

    def read() -> Iterator[Package]:
        nonlocal broken
        for blob in reader(content):
            try:
                package = read_header(blob)
            except UnreadableDatabaseError:
                broken += 1
                continue
            if package is not None:
                yield package

    packages = bounded(read())
    if broken and not packages:
        raise UnreadableDatabaseError(
            gettext_noop("None of the headers in rpm's database can be read.")
        )
    return packages
