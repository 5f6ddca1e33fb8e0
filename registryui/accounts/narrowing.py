"""Makes what somebody may do smaller, as the token says that they came by."""

from collections.abc import Iterator
from dataclasses import replace

from registryui.accounts.access import Access, Scope
from registryui.accounts.models import Grant, User
from registryui.accounts.pattern import ANY, matches


def narrowed(access: Access, *, may_write: bool, pattern: str) -> Access:
    """Return at most the same: without changes, or for the names that fit the pattern alone."""
    smaller = access if pattern == ANY else _within(access, pattern)
    return replace(smaller, may_write=smaller.may_write and may_write)


def both(pattern: str, beginning: str) -> tuple[str, ...]:
    """Return patterns that together fit what fits both; ``beginning`` has no star but a last one.

    >>> both("*/base", "team-a/*")
    ('team-a/*/base', 'team-a/base')
    """
    before, star, _ = beginning.partition(ANY)
    if not star:
        return (before,) if matches(pattern, before) else ()
    places = {0}
    for character in before:
        places = set(_after(character, pattern, places))
    # What follows a star is in what begins with the star.
    kept = {place for place in places if not (place - 1 in places and pattern[place - 1] == ANY)}
    return tuple(before + pattern[place:] for place in sorted(kept))


def _after(character: str, pattern: str, places: set[int]) -> Iterator[int]:
    """Yield where in the pattern one may be after the character."""
    for place in places:
        at = place
        while at < len(pattern) and pattern[at] == ANY:
            yield at
            at += 1
        if at < len(pattern) and pattern[at] == character:
            yield at + 1


def _within(access: Access, pattern: str) -> Access:
    """Return the access within the pattern; of a special role nothing else is left."""
    scopes = tuple(
        Scope(scope.role, scope.registry, each)
        for scope in access.scopes
        for each in both(scope.pattern, pattern)
    )
    if access.is_administrator:
        scopes += (Scope(Grant.Role.MANAGE, ANY, pattern),)
    elif access.reads_audit:
        scopes += (Scope(Grant.Role.FILES, ANY, pattern),)
    elif access.sees_everything:
        scopes += (Scope(Grant.Role.BROWSE, ANY, pattern),)
    return replace(access, role=User.Role.MEMBER, scopes=scopes, sees_everything=False)
