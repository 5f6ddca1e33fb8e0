"""The canonical form of an event and its hash: what makes a changed log show.

The canonical form is one JSON object with the columns in COLUMNS as its keys, sorted, without
spaces, everything beyond ASCII escaped; times are UTC with microseconds, ``2026-01-02T…Z``. Its
SHA-256 in hexadecimal is the event's hash; since ``previous_hash`` is among the columns, each hash
depends on every event before it.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime

COLUMNS = (
    "sequence", "at", "actor", "actor_id", "teams", "address", "via", "action", "registry",
    "repository", "subject", "digest", "result", "reason", "details", "request_id", "attempt",
    "previous_hash",
)  # fmt: skip
NOTHING_BEFORE = "0" * 64


def canonical(columns: Mapping[str, object]) -> bytes:
    """Return the bytes that are hashed; columns that are not in COLUMNS do not count."""
    chosen = {name: columns[name] for name in COLUMNS}
    text = json.dumps(chosen, sort_keys=True, separators=(",", ":"), default=_time)
    return text.encode("ascii")


def hash_of(columns: Mapping[str, object]) -> str:
    """Return the hash that an event with these columns has to have."""
    return hashlib.sha256(canonical(columns)).hexdigest()


def in_utc(moment: datetime) -> str:
    """Return a time as it is hashed."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _time(value: object) -> str:
    if isinstance(value, datetime):
        return in_utc(value)
    raise TypeError(f"An event cannot hold a {type(value).__name__}.")
