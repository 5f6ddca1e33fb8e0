"""A package of an operating system, and the errors and bounds of reading a database of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from registryui.oci.marking import gettext_noop

MOST_BYTES = 128 * 1024 * 1024
MOST_PACKAGES = 50_000
LONGEST_TEXT = 500


class UnreadableDatabaseError(ValueError):
    """A database of packages cannot be read; the text says why, for people."""


@dataclass(frozen=True, slots=True, order=True)
class Package:
    """One installed package.

    ``kind`` is its type in a package URL: ``deb``, ``apk`` or ``rpm``. ``source`` is the source
    package it was built from, empty if it has the package's own name or is not known.
    """

    kind: str
    name: str
    version: str
    architecture: str = ""
    source: str = ""
    license: str = ""


def bounded(packages: Iterable[Package]) -> tuple[Package, ...]:
    """Return packages in order, each once; raise UnreadableDatabaseError if they are too many."""
    found = list(islice(packages, MOST_PACKAGES + 1))
    if len(found) > MOST_PACKAGES:
        raise UnreadableDatabaseError(
            gettext_noop("It lists more than {number} packages.").format(
                number=f"{MOST_PACKAGES:,}"
            )
        )
    return tuple(sorted(set(found)))


def text_of(value: str) -> str:
    """Return a text of the database as it may be kept."""
    return value.strip().replace("\0", "")[:LONGEST_TEXT]
