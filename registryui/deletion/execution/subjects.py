"""What can be said of whatever was to be deleted: a tag, a manifest, or what replaced a tag."""

from dataclasses import astuple, dataclass

from django.utils.translation import gettext_noop


@dataclass(frozen=True, slots=True)
class Subject:
    """The sentences about one thing, in English, some with a gap for a digest."""

    was_found: str
    was_gone: str
    is_gone: str
    is_unseen: str
    is_unchanged: str
    was_not_deleted: str
    is_elsewhere: str
    was_pushed_since: str


IT = Subject(
    was_found=gettext_noop("It was found deleted after an interruption."),
    was_gone=gettext_noop("It was gone already; nothing was deleted."),
    is_gone=gettext_noop("It is gone."),
    is_unseen=gettext_noop("Whether It is gone could not be seen: {reason}"),
    is_unchanged=gettext_noop("It is still there, unchanged."),
    was_not_deleted=gettext_noop(
        "The registry said that it deleted it, and did not: It is still there, unchanged."
    ),
    is_elsewhere=gettext_noop("It points to {digest} now: somebody pushed it in the same moment."),
    was_pushed_since=gettext_noop(
        "It was deleted, and somebody has pushed {digest} under it since."
    ),
)
STAND_IN = Subject(
    was_found=gettext_noop("What replaced the tag was found deleted after an interruption."),
    was_gone=gettext_noop("What replaced the tag was gone already; nothing was deleted."),
    is_gone=gettext_noop("What replaced the tag is gone."),
    is_unseen=gettext_noop("Whether What replaced the tag is gone could not be seen: {reason}"),
    is_unchanged=gettext_noop("What replaced the tag is still there, unchanged."),
    was_not_deleted=gettext_noop(
        "The registry said that it deleted it, and did not: What replaced the tag is still there, "
        "unchanged."
    ),
    is_elsewhere=gettext_noop(
        "What replaced the tag points to {digest} now: somebody pushed it in the same moment."
    ),
    was_pushed_since=gettext_noop(
        "What replaced the tag was deleted, and somebody has pushed {digest} under it since."
    ),
)
_TAG = Subject(
    was_found=gettext_noop("{tag} was found deleted after an interruption."),
    was_gone=gettext_noop("{tag} was gone already; nothing was deleted."),
    is_gone=gettext_noop("{tag} is gone."),
    is_unseen=gettext_noop("Whether {tag} is gone could not be seen: {reason}"),
    is_unchanged=gettext_noop("{tag} is still there, unchanged."),
    was_not_deleted=gettext_noop(
        "The registry said that it deleted it, and did not: {tag} is still there, unchanged."
    ),
    is_elsewhere=gettext_noop(
        "{tag} points to {digest} now: somebody pushed it in the same moment."
    ),
    was_pushed_since=gettext_noop(
        "{tag} was deleted, and somebody has pushed {digest} under it since."
    ),
)


def tag_named(tag: str) -> Subject:
    """Return the sentences about a tag; replaced, not formatted: a name may hold braces."""
    return Subject(*(each.replace("{tag}", tag) for each in astuple(_TAG)))
