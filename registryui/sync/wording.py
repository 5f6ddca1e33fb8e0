"""What the sync tells people about what went wrong; bounded, however much that was."""

from collections.abc import Sequence

from registryui.distribution.listing import Listing
from registryui.sync.fetch import OUT_OF_TIME
from registryui.sync.snapshot import TagFailure

NAMES_SHOWN = 5
LONGEST_REASON = 500


def error_of_visit(listing: Listing, failures: Sequence[TagFailure]) -> str:
    """Say what a visit could not read, and what becomes of it; "" when it read everything."""
    sentences = []
    if not listing.is_complete:
        sentences.append(
            f"The list of tags is incomplete: {listing.why_incomplete} Nothing was removed."
        )
    late = [failure for failure in failures if failure.reason == OUT_OF_TIME]
    if late:
        sentences.append(
            f"There was no time to read {len(late)} of {len(listing.names)} tags; "
            "the next sync goes on."
        )
    broken = [
        failure
        for failure in failures
        if failure.reason != OUT_OF_TIME and not failure.reason.is_kept
    ]
    if broken:
        sentences.append(_about(broken, len(listing.names)))
    return " ".join(sentences)


def _about(failures: Sequence[TagFailure], total: int) -> str:
    names = ", ".join(failure.name for failure in failures[:NAMES_SHOWN])
    more = f" and {len(failures) - NAMES_SHOWN} more" if len(failures) > NAMES_SHOWN else ""
    why = failures[0].reason.why[:LONGEST_REASON]
    return (
        f"{len(failures)} of {total} tags could not be read: {names}{more}. "
        f"{failures[0].name}: {why} The next sync tries again."
    )
