"""Whether a registry does something, as far as a test without consequences can tell."""

from enum import Enum


class Support(Enum):
    """What a test showed."""

    YES = "YES"
    NO = "NO"
    UNKNOWN = "UNKNOWN"

    @property
    def is_given(self) -> bool | None:
        """The same as a yes, a no, or None for nobody knows."""
        return {Support.YES: True, Support.NO: False}.get(self)
