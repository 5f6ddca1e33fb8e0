"""Harbor: the repositories of projects, by its REST API."""

from collections.abc import Iterator
from functools import partial

from registryui.distribution.listing import CatalogPage
from registryui.distribution.vendors.api import PAGE_SIZE, VendorApi, in_path
from registryui.distribution.vendors.walk import Batch, Walk
from registryui.distribution.wire import Answer
from registryui.oci.document import text_of
from registryui.oci.marking import gettext_noop

NEEDED = gettext_noop("a user, or a robot account that may list projects and repositories")

_PROJECTS = "/api/v2.0/projects"


def pages(api: VendorApi, namespaces: tuple[str, ...]) -> Iterator[CatalogPage]:
    """List the projects that are named, or all that our login sees, one after the other."""
    walk = Walk(api.parts.limits, api.invalid)
    for project in namespaces or _projects(api):
        path = f"{_PROJECTS}/{in_path(project)}/repositories"
        yield from walk.pages(partial(_batch, api, path), _query(1))


def _projects(api: VendorApi) -> tuple[str, ...]:
    """List the projects whose names can begin a repository's; others hold none."""
    walk = Walk(api.parts.limits, api.invalid)
    found = walk.pages(partial(_batch, api, _PROJECTS), _query(1))
    return tuple(name for page in found for name in page.names)


def _batch(api: VendorApi, path: str, query: str) -> Batch:
    answer = api.get(path, query)
    entries = [_name(entry) for entry in api.entries(answer)]
    number = int(query.partition("page=")[2].partition("&")[0])
    total = _total(answer)
    if total is None:
        has_more = len(entries) == PAGE_SIZE
    else:
        has_more = number * PAGE_SIZE < total
        if not entries and (number - 1) * PAGE_SIZE < total:
            raise api.invalid(
                gettext_noop("ends before the {total} entries that it counts").format(
                    total=f"{total:,}"
                )
            )
    return Batch(entries, _query(number + 1) if has_more else "")


def _name(entry: object) -> object:
    return text_of(entry, "name") if isinstance(entry, dict) else entry


def _total(answer: Answer) -> int | None:
    value = answer.header("x-total-count")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None


def _query(page: int) -> str:
    return f"page={page}&page_size={PAGE_SIZE}"
