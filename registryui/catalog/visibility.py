"""What of the index somebody may see, as conditions: what one may not see does not exist."""

from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.db.models import Q

from registryui.accounts.access import Access
from registryui.accounts.pattern import ANY, condition

NOTHING = Q(pk__in=())


def visible(access: Access, *, path: str = "", name: str = "name") -> Q:
    """Return the condition that a row, reached by ``path``, is of a repository one may see.

    The row has a ``registry`` and the repository's name in the column ``name``.
    """
    if access.sees_everything:
        return Q()
    wanted = sorted({(scope.registry, scope.pattern) for scope in access.scopes})
    conditions = [
        (Q() if registry == ANY else Q((f"{path}registry__slug", registry)))
        & condition(pattern, f"{path}{name}")
        for registry, pattern in wanted
    ]
    return _any(conditions)


def visible_in(access: Access, registries: Iterable[tuple[int, str]], *, path: str = "") -> Q:
    """Return the same for rows of some registries, given as primary key and slug.

    There it is known beforehand which are seen in whole, and no join is needed to tell.
    """
    if access.sees_everything:
        return Q()
    conditions = [
        Q((f"{path}registry", key)) & _names(access.patterns_in(slug), f"{path}name")
        for key, slug in registries
    ]
    return _any(conditions)


def _names(patterns: Iterable[str], column: str) -> Q:
    return _any([condition(pattern, column) for pattern in patterns])


def _any(conditions: list[Q]) -> Q:
    """Return a condition that one of these holds; an empty one holds always, none of none never."""
    if not conditions:
        return NOTHING
    return Q() if Q() in conditions else reduce(or_, conditions)
