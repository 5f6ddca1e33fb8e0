"""Docker Hub: the repositories of users and organisations, by its web API."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from urllib.parse import urlsplit

from registryui.distribution.listing import CatalogPage
from registryui.distribution.vendors.api import PAGE_SIZE, VendorApi, in_path
from registryui.distribution.vendors.walk import Batch, Walk
from registryui.oci.document import strict_list_of, text_of
from registryui.oci.marking import gettext_noop

URL = "https://hub.docker.com"
NEEDED = gettext_noop("a user name and an access token that may read")

_PRINTABLE = re.compile(r"[\x21-\x7e]{1,65536}")
_PAGE = re.compile(r"(?:^|&)page=([1-9][0-9]{0,8})(?:&|$)")


def pages(api: VendorApi, namespaces: tuple[str, ...]) -> Iterator[CatalogPage]:
    """List the namespaces one after the other; private repositories need a login."""
    walk = Walk(api.parts.limits, api.invalid)
    for namespace in namespaces:
        # A token lives for ten minutes: each namespace begins with a new one.
        known = _logged_in(api)
        yield from walk.pages(partial(_batch, known, namespace), _query(1))


def _logged_in(api: VendorApi) -> VendorApi:
    endpoint = api.parts.endpoint
    secret = endpoint.registry_token or endpoint.password
    if not (endpoint.username and secret):
        return api
    login = {"identifier": endpoint.username, "secret": secret}
    answer = api.post("/v2/auth/token", json.dumps(login).encode())
    token = text_of(api.document(answer), "access_token")
    if not _PRINTABLE.fullmatch(token):
        raise api.invalid(gettext_noop("holds no token"))
    return replace(api, authorization=((b"Authorization", f"Bearer {token}".encode()),))


def _batch(api: VendorApi, namespace: str, query: str) -> Batch:
    answer = api.get(f"/v2/namespaces/{in_path(namespace)}/repositories", query)
    document = api.document(answer)
    if not isinstance(document.get("results"), list):
        raise api.invalid(gettext_noop("has no “results”"))
    results = strict_list_of(document, "results", max_items=api.parts.limits.max_items)
    entries = [_name(entry, namespace) for entry in results]
    return Batch(entries, _next(text_of(document, "next")))


def _name(entry: object, namespace: str) -> object:
    return f"{namespace}/{text_of(entry, 'name')}".lower() if isinstance(entry, dict) else entry


def _next(url: str) -> str:
    """Read nothing of the next page's address but its number."""
    try:
        found = _PAGE.search(urlsplit(url).query)
    except ValueError:
        return ""
    return _query(int(found[1])) if found else ""


def _query(page: int) -> str:
    return f"page={page}&page_size={PAGE_SIZE}"
