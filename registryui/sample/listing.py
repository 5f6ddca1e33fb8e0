"""Handlers of lists: the catalog and a repository's tags, page by page."""

import zlib
from urllib.parse import urlencode

from registryui.sample.exchange import Answer, RefusalError
from registryui.sample.handling import Here


def ping(here: Here) -> Answer:
    return Answer.json({})


def catalog(here: Here) -> Answer:
    """One page of the repositories, in the order of distribution: a walk of directories."""
    switches = here.switches
    if not switches.has_catalog:
        return Answer.text("404 page not found\n", status=404)
    limit = _limit(here, switches.catalog_page)
    if limit > switches.largest_page and switches.refuses_large_pages:
        raise _bad_limit(limit)
    names = here.store.names()
    page, link = _page(
        here, names, min(limit, switches.largest_page), is_truncated=switches.truncate_catalog
    )
    return Answer.json({"repositories": [*page, *switches.junk_repositories]}, *link)


def tags(here: Here) -> Answer:
    """One page of the tags by code point; a repository that never had one is unknown."""
    switches, repository = here.switches, here.repository()
    if not repository.was_tagged:
        detail = {"name": here.name}
        raise RefusalError("NAME_UNKNOWN", "repository name not known to registry", detail=detail)
    names = sorted(repository.tags())
    link: list[tuple[str, str]] = []
    if switches.null_tags or not names:
        return Answer.json({"name": here.name, "tags": None})
    if switches.old_tags:
        names.sort(key=lambda name: zlib.crc32(name.encode()))
    elif here.call.parameter("n") is not None or switches.truncate_tags:
        limit = min(_limit(here, switches.largest_page), switches.largest_page)
        names, link = _page(here, names, limit, is_truncated=switches.truncate_tags)
    return Answer.json({"name": here.name, "tags": [*names, *switches.junk_tags]}, *link)


def _page(
    here: Here, names: list[str], limit: int, *, is_truncated: bool
) -> tuple[list[str], list[tuple[str, str]]]:
    """Take the names behind `last`, at most `limit`, and the link to the next page.

    A truncated list ends in the middle: its first page says that there is more, the next fails.
    """
    last = here.call.parameter("last") or ""
    if is_truncated and last:
        raise RefusalError("UNKNOWN", "unknown error")
    if is_truncated:
        limit = min(limit, max(1, len(names) // 2))
    if not here.switches.endless_link:
        names = [name for name in names if not last or name.split("/") > last.split("/")]
    page = names[:limit]
    return page, _link(here, page, limit)


def _limit(here: Here, otherwise: int) -> int:
    """Read the `n` of the query: 3.1 refuses what is no number, and takes 0 as "none at all"."""
    wanted = here.call.parameter("n")
    if wanted is None:
        return otherwise
    if not wanted.isdecimal():
        raise _bad_limit(wanted)
    return int(wanted)


def _bad_limit(wanted: int | str) -> RefusalError:
    message = "invalid number of results requested"
    return RefusalError("PAGINATION_NUMBER_INVALID", message, detail={"n": wanted})


def _link(here: Here, page: list[str], limit: int) -> list[tuple[str, str]]:
    """Write a `Link` after a full page, so also after a last page that happens to be full."""
    if not page or (len(page) < limit and not here.switches.endless_link):
        return []
    query = urlencode({"last": page[-1], "n": limit})
    base = f"{here.switches.foreign_link}{here.prefix}/v2/{here.call.path}"
    return [("Link", f'<{base}?{query}>; rel="next"')]
