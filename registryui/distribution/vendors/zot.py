"""zot: its repositories by the search extension, or by its catalog where that is off."""

from collections.abc import Iterator
from urllib.parse import quote

from registryui.distribution.client import RegistryClient
from registryui.distribution.conversation import Question
from registryui.distribution.errors import InvalidContentError, NotFoundError, UnsupportedError
from registryui.distribution.listing import CatalogPage
from registryui.distribution.scopes import CATALOG
from registryui.distribution.vendors.api import OPERATION, PAGE_SIZE
from registryui.distribution.vendors.walk import Batch, Walk
from registryui.oci.document import (
    Document,
    InvalidDocumentError,
    integer_of,
    load_object,
    object_of,
    strict_list_of,
    text_of,
)
from registryui.oci.marking import gettext_noop

NEEDED = gettext_noop("a user that may read the repositories")

_PATH = "/v2/_zot/ext/search"
_QUERY = (
    "{{RepoListWithNewestImage(requestedPage:{{limit:{limit},offset:{offset},"
    "sortBy:ALPHABETIC_ASC}}){{Page{{TotalCount ItemCount}} Results{{Name}}}}}}"
)


def pages(client: RegistryClient, namespaces: tuple[str, ...]) -> Iterator[CatalogPage]:
    """List all that our login sees; of these only what lies in the namespaces, if any are named."""
    found = _searched(client)
    try:
        first = next(found)
    except (NotFoundError, UnsupportedError, InvalidContentError):
        yield from (_within(page, namespaces) for page in client.iter_catalog())
        return
    yield _within(first, namespaces)
    for page in found:
        yield _within(page, namespaces)


def _searched(client: RegistryClient) -> Iterator[CatalogPage]:
    walk = Walk(client.limits, lambda what: _invalid(client, what))
    return walk.pages(lambda offset: _batch(client, int(offset)), "0")


def _batch(client: RegistryClient, offset: int) -> Batch:
    text = _QUERY.format(limit=PAGE_SIZE, offset=offset)
    path = f"{_PATH}?query={quote(text, safe='')}"
    question = Question(OPERATION, path, CATALOG, client.limits.listing_bytes)
    answer = client.parts.conversation.ask(question)
    found = _list_in(client, answer.content)
    try:
        results = strict_list_of(found, "Results", max_items=client.limits.max_items)
    except InvalidDocumentError:
        raise _invalid(client, gettext_noop("has “Results” that are no list")) from None
    entries = [text_of(each, "Name") if isinstance(each, dict) else each for each in results]
    total = integer_of(object_of(found, "Page"), "TotalCount") or 0
    behind = offset + PAGE_SIZE
    if not entries and offset < total:
        raise _invalid(
            client,
            gettext_noop("ends before the {total} entries that it counts").format(
                total=f"{total:,}"
            ),
        )
    return Batch(entries, str(behind) if behind < total else "")


def _list_in(client: RegistryClient, content: bytes) -> Document:
    try:
        document = load_object(content, max_bytes=client.limits.listing_bytes)
    except InvalidDocumentError:
        raise _invalid(client, gettext_noop("is not the JSON we expect")) from None
    found = object_of(document, "data").get("RepoListWithNewestImage")
    if document.get("errors") or not isinstance(found, dict):
        raise _invalid(client, gettext_noop("says that its search does not work"))
    return found


def _within(page: CatalogPage, namespaces: tuple[str, ...]) -> CatalogPage:
    if not namespaces:
        return page
    starts = tuple(f"{each}/" for each in namespaces)
    names = (name for name in page.names if name in namespaces or name.startswith(starts))
    return CatalogPage(tuple(names), page.rejected)


def _invalid(client: RegistryClient, what: str) -> InvalidContentError:
    return InvalidContentError(
        gettext_noop(
            "{endpoint} was asked for its list of repositories, but its answer {what}. Check that "
            "it is zot, and that its search extension is on."
        ).format(endpoint=client.endpoint.name, what=what),
        registry=client.endpoint.name,
        operation=OPERATION,
        code="LISTING",
    )
