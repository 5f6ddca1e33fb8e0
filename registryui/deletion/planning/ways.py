"""Which way a registry takes a tag or a manifest away, decided before anything is touched."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from django.utils.translation import gettext_noop

from registryui.catalog.models import Registry


class Way(Enum):
    """How a tag goes; the values are those of Step.Kind, "" is not at all."""

    UNTAG = "UNTAG"
    REMOVE = "REMOVE"
    REPLACE = "REPLACE"
    NONE = ""


@dataclass(frozen=True, slots=True)
class Ability:
    """What a registry does for us when something is to be deleted; None is not known.

    ``words`` say what the test showed, or that nobody has tested it.
    """

    by_tag: bool | None
    by_digest: bool | None
    may_push: bool | None
    words: str
    tested_at: datetime | None
    is_read_only: bool = False

    @classmethod
    def of(cls, registry: Registry, *, is_read_only: bool) -> "Ability":
        """Return what the last test of the registry showed."""
        if is_read_only:
            return cls(False, False, False, READ_ONLY, None, is_read_only=True)
        if registry.deletion_tested_at is None:
            return cls(None, None, None, UNTESTED, None)
        return cls(
            registry.deletes_tags,
            registry.deletes_digests,
            registry.accepts_pushes,
            registry.deletion_words,
            registry.deletion_tested_at,
        )

    @property
    def is_tested(self) -> bool:
        """Whether it is known what the registry does."""
        return self.tested_at is not None

    @property
    def may_replace(self) -> bool:
        """Whether a tag can be freed by pushing something else under it and deleting that."""
        return self.by_digest is True and self.may_push is True


READ_ONLY = gettext_noop(
    "Registry UI runs read-only (REGISTRYUI_READ_ONLY), so nothing in any registry is changed."
)
UNTESTED = gettext_noop(
    "Nobody has tested yet whether this registry deletes. Test it: nothing is deleted by it."
)
IN_INDEX = gettext_noop(
    "This cannot be deleted: an index that stays lists this manifest, so only the tag may go, and "
    "the registry cannot delete a tag alone."
)
NO_PUSH = gettext_noop(
    "Replacing the tag first would free it, but our credentials may not push there."
)
_ANOTHER = gettext_noop(
    "This registry deletes by digest only, and {names} points to the same digest, "
    "so it would go, too."
)
_OTHERS = gettext_noop(
    "This registry deletes by digest only, and {names} point to the same digest, "
    "so it would go, too."
)
_MANY_OTHERS = gettext_noop(
    "This registry deletes by digest only, and {names} and {count} more point to the same digest, "
    "so it would go, too."
)
MOST_NAMED = 3


def way_of(ability: Ability, *, others: tuple[str, ...], is_in_index: bool) -> tuple[Way, str]:
    """Return how a tag can go, and why not if it cannot.

    ``others`` are the tags on the same digest that are to stay; ``is_in_index`` says that an index
    that stays lists the digest. Deleting by digest takes every tag on it along (distribution,
    Harbor, Quay, zot), so it is only for a digest that nothing else needs.
    """
    if ability.by_tag:
        return Way.UNTAG, ""
    if ability.by_digest and not others and not is_in_index:
        return Way.REMOVE, ""
    if ability.may_replace:
        return Way.REPLACE, ""
    if not ability.by_digest:
        return Way.NONE, ability.words
    return Way.NONE, f"{_keeping(others)} {NO_PUSH}"


def _keeping(others: tuple[str, ...]) -> str:
    if not others:
        return IN_INDEX
    names = ", ".join(others[:MOST_NAMED])
    if len(others) > MOST_NAMED:
        return _MANY_OTHERS.format(names=names, count=len(others) - MOST_NAMED)
    return (_ANOTHER if len(others) == 1 else _OTHERS).format(names=names)
