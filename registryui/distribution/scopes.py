"""Token scopes: which actions on which resource, in one spelling (distribution, token scope).

The same request was challenged with ``pull,push`` by distribution 2.8.2 and ``push,pull`` by 3.1.1;
only the normalised form is good as a key.
"""

from collections.abc import Iterable

CATALOG = "registry:catalog:*"


def pull_scope(repository: str) -> str:
    """Name what reading a repository needs, as distribution spells it."""
    return f"repository:{repository}:pull"


def push_scope(repository: str) -> str:
    """Name what writing to a repository needs."""
    return f"repository:{repository}:pull,push"


def delete_scope(repository: str) -> str:
    """Name what deleting needs at distribution; Quay's challenge says push instead."""
    return f"repository:{repository}:delete"


def normalise(*texts: str) -> tuple[str, ...]:
    """Split at spaces, merge the actions of each resource, sort both.

    A scope is cut at its last colon: the name may hold a port (``repository:host:5000/a:pull``).
    Something that is not a scope (``*``) stays as it is.
    """
    actions_of: dict[str, set[str]] = {}
    for scope in _split(texts):
        resource, colon, actions = scope.rpartition(":")
        if colon:
            actions_of.setdefault(resource, set()).update(actions.split(","))
        else:
            actions_of.setdefault(scope, set())
    return tuple(sorted(_join(resource, actions) for resource, actions in actions_of.items()))


def _split(texts: Iterable[str]) -> Iterable[str]:
    return (scope for text in texts for scope in text.split())


def _join(resource: str, actions: set[str]) -> str:
    return f"{resource}:{','.join(sorted(actions))}" if actions else resource
