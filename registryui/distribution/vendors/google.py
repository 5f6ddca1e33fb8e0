"""Google's registries: each list of tags names its children, so a project is walked down."""

from collections import deque
from collections.abc import Iterator

from registryui.distribution.assembly import Parts
from registryui.distribution.conversation import Question
from registryui.distribution.errors import InvalidContentError, NotFoundError
from registryui.distribution.listing import CatalogPage
from registryui.distribution.scopes import pull_scope
from registryui.distribution.vendors.api import OPERATION
from registryui.distribution.vendors.walk import Walk
from registryui.oci.document import (
    Document,
    InvalidDocumentError,
    load_object,
    object_of,
    strict_list_of,
)
from registryui.oci.marking import gettext_noop
from registryui.oci.reference import is_repository_name

NEEDED = gettext_noop("an account that may read the repositories")


def pages(parts: Parts, namespaces: tuple[str, ...]) -> Iterator[CatalogPage]:
    """Walk down from each namespace, the nearest first."""
    walk = Walk(parts.limits, lambda what: _invalid(parts, what))
    waiting = deque(namespaces)
    met = set(waiting)
    while waiting:
        name = waiting.popleft()
        found = _listed(parts, name, is_first=name in namespaces)
        children = [f"{name}/{child}" for child in _children(parts, found)]
        new = [each for each in children if is_repository_name(each) and each not in met]
        met.update(new)
        if len(met) > parts.limits.max_items:
            raise _invalid(
                parts,
                gettext_noop("has more than {max_items} entries").format(
                    max_items=f"{parts.limits.max_items:,}"
                ),
            )
        waiting.extend(new)
        holds_images = bool(object_of(found, "manifest") or found.get("tags"))
        yield walk.page([name] if holds_images else [])


def _listed(parts: Parts, name: str, *, is_first: bool) -> Document:
    if not is_repository_name(name):
        raise _invalid(
            parts,
            gettext_noop("cannot be had for {name}, which is no name in lower case").format(
                name=name
            ),
        )
    question = Question(
        OPERATION, f"/v2/{name}/tags/list", pull_scope(name), parts.limits.listing_bytes
    )
    try:
        answer = parts.conversation.ask(question)
        found = load_object(answer.content, max_bytes=parts.limits.listing_bytes)
    except NotFoundError:
        if is_first:
            raise
        return {}  # deleted since its parent was read
    except InvalidDocumentError:
        raise _invalid(parts, gettext_noop("is not the JSON we expect")) from None
    if not found.keys() & {"child", "manifest", "tags"}:
        raise _invalid(parts, gettext_noop("names neither tags nor children"))
    return found


def _children(parts: Parts, found: Document) -> list[str]:
    try:
        children = strict_list_of(found, "child", max_items=parts.limits.max_items)
        return [child for child in children if isinstance(child, str)]
    except InvalidDocumentError:
        raise _invalid(
            parts, gettext_noop("has a “child” that is no list, or too long a one")
        ) from None


def _invalid(parts: Parts, what: str) -> InvalidContentError:
    return InvalidContentError(
        gettext_noop(
            "{endpoint} was asked for its list of repositories, but its answer {what}. Check the "
            "namespaces of this registry."
        ).format(endpoint=parts.endpoint.name, what=what),
        registry=parts.endpoint.name,
        operation=OPERATION,
        code="LISTING",
    )
