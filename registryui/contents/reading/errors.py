"""Why a layer cannot be read: it is not what it should be, or it is too much.

::

    ReadingError
    ├── BadLayerError    broken, cut off, or in no form that is known
    └── TooMuchError     beyond a limit
"""

from registryui.oci.marking import gettext_noop

_SENTENCES = {
    "": gettext_noop("The layer {what} of {limit}, so it was not read."),
    "bytes": gettext_noop("The layer {what} of {limit} bytes, so it was not read."),
    "seconds": gettext_noop("The layer {what} of {limit} seconds, so it was not read."),
}


class ReadingError(Exception):
    """A layer that cannot be read; the text says why, in a sentence for people."""


class BadLayerError(ReadingError):
    """Its bytes make no sense."""


class TooMuchError(ReadingError):
    """Reading it went beyond a limit."""

    def __init__(self, what: str, limit: int, unit: str = "") -> None:
        super().__init__(_SENTENCES[unit].format(what=what, limit=f"{limit:,}"))
