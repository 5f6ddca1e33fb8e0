"""Where distributions keep their databases of packages, and which of our readers each needs."""

from collections.abc import Callable, Mapping

from registryui.contents.packages.apk import read_installed
from registryui.contents.packages.dpkg import read_status
from registryui.contents.packages.package import MOST_BYTES, Package, UnreadableDatabaseError
from registryui.contents.packages.rpm import read_bdb, read_ndb, read_sqlite
from registryui.oci.marking import gettext_noop

Reader = Callable[[bytes], tuple[Package, ...]]

STATUS_FILES = "var/lib/dpkg/status.d/"
_RPM = ("var/lib/rpm/", "usr/lib/sysimage/rpm/", "usr/share/rpm/")
READERS: Mapping[str, Reader] = {
    "var/lib/dpkg/status": read_status,
    "lib/apk/db/installed": read_installed,
    "usr/lib/apk/db/installed": read_installed,
    **{f"{folder}rpmdb.sqlite": read_sqlite for folder in _RPM},
    **{f"{folder}Packages.db": read_ndb for folder in _RPM},
    **{f"{folder}Packages": read_bdb for folder in _RPM},
}


def is_database(path: str) -> bool:
    """Whether a path of an image, without a slash at its beginning, is a database of packages."""
    if path.startswith(STATUS_FILES):
        name = path.removeprefix(STATUS_FILES)
        return bool(name) and "/" not in name and not name.endswith(".md5sums")
    return path in READERS


def read_database(path: str, content: bytes) -> tuple[Package, ...]:
    """Return the packages that a database file lists; raise UnreadableDatabaseError."""
    if len(content) > MOST_BYTES:
        raise UnreadableDatabaseError(
            gettext_noop("{path} is larger than {number} MiB.").format(
                path=path, number=MOST_BYTES // 2**20
            )
        )
    if path.startswith(STATUS_FILES):
        return read_status(content, needs_status=False)
    if path not in READERS:
        raise UnreadableDatabaseError(
            gettext_noop("{path} is not a database of packages.").format(path=path)
        )
    return READERS[path](content)
