"""Vendors of a few lines, in the shapes that the real ones answer with."""

import json

import httpx

from registryui.distribution.endpoint import Endpoint
from registryui.distribution.errors import RegistryError
from registryui.distribution.limits import Limits
from registryui.distribution.vendors.listing import VendorListing
from registryui.distribution.vendors.settings import VendorSettings
from tests.distribution.fakes import BASE, FakeTime, Recorder, client_of

API = "https://api.corp.example"


def listing_of(kind, handler, *namespaces, limits=None, time=None, url=API, token="", **endpoint):
    """Open a vendor's list whose every request goes to this handler."""
    client = client_of(handler, limits=limits or Limits(tries=1), time=time, **endpoint)
    return VendorListing(
        client,
        VendorSettings(kind, url, namespaces, token),
        transport=httpx.MockTransport(handler),
        clock=(time or FakeTime()).clock,
    )


def names_of(listing):
    """Read it to its end."""
    return [name for page in listing.pages() for name in page.names]


def until_error(listing):
    """Read what can be had; return the names and the error it ended with."""
    names = []
    try:
        for page in listing.pages():
            names += page.names
    except RegistryError as error:
        return names, error
    return names, None


def answers(by_path, **headers):
    """Answer what is written for a path with its query, else for the path; 404 for all others."""

    def handle(request):
        where = request.url.raw_path.decode()
        found = by_path.get(where, by_path.get(where.partition("?")[0]))
        if callable(found):
            return found(request)
        if isinstance(found, httpx.Response):
            return found
        if found is None:
            return httpx.Response(404, json={"message": "404 Not Found"})
        return httpx.Response(200, content=json.dumps(found), headers=headers)

    return Recorder(handle)


__all__ = ["API", "BASE", "Endpoint", "answers", "listing_of", "names_of", "until_error"]
