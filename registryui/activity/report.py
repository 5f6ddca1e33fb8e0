"""One thing that a registry says was done, whatever format it says it in."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from registryui.oci.annotations import parse_time
from registryui.oci.digest import Digest
from registryui.oci.errors import OciError
from registryui.oci.reference import is_repository_name, is_tag

PUSH, PULL, DELETE = "PUSH", "PULL", "DELETE"
MAX_ID_LENGTH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was done, by whom; ``event_id`` is empty when the sender gives none.

    ``happened_at`` is None when the sender does not say, or says something that cannot be.
    """

    action: str
    repository: str
    event_id: str = ""
    tag: str = ""
    digest: str = ""
    media_type: str = ""
    actor: str = ""
    user_agent: str = ""
    address: str = ""
    happened_at: datetime | None = None

    @property
    def is_sound(self) -> bool:
        """Whether it is about something that can exist."""
        return is_repository_name(self.repository)


def tag_in(text: str) -> str:
    """Return a text if it is a tag; Harbor puts a digest in the place of a missing one."""
    return text if is_tag(text) else ""


def digest_in(text: str) -> str:
    """Return a text if it is a digest, else nothing."""
    try:
        return str(Digest.parse(text))
    except OciError:
        return ""


def time_in(value: object) -> datetime | None:
    """Read a time written as text or as seconds since 1970; None for what is neither."""
    if isinstance(value, int) and 0 < value < 2**33:
        return datetime.fromtimestamp(value, UTC)
    return parse_time(value)


def short_id(event_id: str) -> str:
    """Return an id of a length that we keep; a longer one by its digest."""
    if len(event_id) <= MAX_ID_LENGTH:
        return event_id
    return "sha256:" + hashlib.sha256(event_id.encode()).hexdigest()
