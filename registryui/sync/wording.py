"""What the sync tells people about what went wrong; bounded, however much that was."""

from collections.abc import Sequence

from django.utils.translation import gettext_noop

from registryui.distribution.listing import Listing
from registryui.sync.fetch import OUT_OF_TIME
from registryui.sync.snapshot import TagFailure

NAMES_SHOWN = 5
LONGEST_REASON = 500

_SOME = gettext_noop(
    "{count} of {total} tags could not be read: {names}. "
    "{name}: {reason} The next sync tries again."
)
_MANY = gettext_noop(
    "{count} of {total} tags could not be read: {names} and {more} more. "
    "{name}: {reason} The next sync tries again."
)


def error_of_visit(listing: Listing, failures: Sequence[TagFailure]) -> str:
    """Say what a visit could not read, and what becomes of it; "" when it read everything."""
    sentences = []
    if not listing.is_complete:
        sentences.append(
            gettext_noop("The list of tags is incomplete: {reason} Nothing was removed.").format(
                reason=listing.why_incomplete
            )
        )
    late = [failure for failure in failures if failure.reason == OUT_OF_TIME]
    if late:
        sentences.append(
            gettext_noop(
                "There was no time to read {count} of {total} tags; the next sync goes on."
            ).format(count=len(late), total=len(listing.names))
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
    form = _SOME if len(failures) <= NAMES_SHOWN else _MANY
    return form.format(
        count=len(failures),
        total=total,
        names=names,
        more=len(failures) - NAMES_SHOWN,
        name=failures[0].name,
        reason=failures[0].reason.why[:LONGEST_REASON],
    )
