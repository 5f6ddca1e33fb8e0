"""GitLab: the registry repositories of groups and projects, by its REST API."""

from collections.abc import Iterator

from registryui.distribution.errors import NotFoundError
from registryui.distribution.links import next_query
from registryui.distribution.listing import CatalogPage
from registryui.distribution.vendors.api import PAGE_SIZE, VendorApi, in_path
from registryui.distribution.vendors.walk import Batch, Walk
from registryui.distribution.wire import Answer
from registryui.oci.document import text_of
from registryui.oci.marking import gettext_noop

NEEDED = gettext_noop("an access token with read_api whose user is at least Reporter")

_FIRST = f"per_page={PAGE_SIZE}&page=1"


def pages(api: VendorApi, namespaces: tuple[str, ...]) -> Iterator[CatalogPage]:
    """List the namespaces one after the other, each as a group, else as a project."""
    walk = Walk(api.parts.limits, api.invalid)
    for namespace in namespaces:
        try:
            first = _batch(api, "groups", namespace, _FIRST)
            kind = "groups"
        except NotFoundError:
            first = _batch(api, "projects", namespace, _FIRST)
            kind = "projects"

        def ask(query: str, at: str = kind, of: str = namespace, begun: Batch = first) -> Batch:
            return begun if query == _FIRST else _batch(api, at, of, query)

        yield from walk.pages(ask, _FIRST)


def _batch(api: VendorApi, kind: str, namespace: str, query: str) -> Batch:
    answer = api.get(f"/api/v4/{kind}/{in_path(namespace)}/registry/repositories", query)
    entries = [_path(entry) for entry in api.entries(answer)]
    return Batch(entries, _next(answer))


def _path(entry: object) -> object:
    return text_of(entry, "path") if isinstance(entry, dict) else entry


def _next(answer: Answer) -> str:
    page = answer.header("x-next-page")
    if page.isascii() and page.isdigit() and len(page) < 10:
        return f"per_page={PAGE_SIZE}&page={page}"
    return next_query(answer.headers.get_list("link"))
