"""The addresses of the distribution specification and what answers each of them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from registryui.oci.reference import REPOSITORY_PATTERN, TAG_PATTERN
from registryui.sample import blobs, deleting, listing, manifests, pushing, referring
from registryui.sample.exchange import Answer
from registryui.sample.handling import Here

Handler = Callable[[Here], Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """A pattern of paths behind /v2/ and the handler of each method; HEAD is handled as GET."""

    pattern: re.Pattern[str]
    handlers: Mapping[str, Handler]

    @property
    def allow(self) -> str:
        heads = ["HEAD"] if "GET" in self.handlers else []
        return ", ".join(sorted([*self.handlers, *heads]))


def find_route(path: str) -> tuple[Route, dict[str, str]] | None:
    """Find the route of a path behind /v2/, and the parts of it; `None` for a page not found."""
    for route in ROUTES:
        if match := route.pattern.fullmatch(path):
            return route, match.groupdict()
    return None


def _route(pattern: str, **handlers: Handler) -> Route:
    return Route(re.compile(pattern), handlers)


_NAME = f"(?P<name>{REPOSITORY_PATTERN})"
# Anything with a colon is taken for a digest, so that a malformed one is refused and not missed.
_DIGEST = "(?P<digest>[^/]+:[^/]*)"

ROUTES = (
    _route("", GET=listing.ping),
    _route("_catalog", GET=listing.catalog),
    _route(f"{_NAME}/tags/list", GET=listing.tags),
    _route(
        f"{_NAME}/manifests/(?P<reference>{TAG_PATTERN}|[^/]+:[^/]*)",
        GET=manifests.get_manifest,
        PUT=manifests.put_manifest,
        DELETE=deleting.delete_manifest,
    ),
    _route(f"{_NAME}/blobs/{_DIGEST}", GET=blobs.get_blob, DELETE=blobs.delete_blob),
    _route(f"{_NAME}/blobs/uploads/?", POST=pushing.start_upload),
    _route(
        f"{_NAME}/blobs/uploads/(?P<upload>[0-9a-f-]+)",
        GET=pushing.upload_status,
        PATCH=pushing.append_chunk,
        PUT=pushing.finish_upload,
        DELETE=pushing.cancel_upload,
    ),
    _route(f"{_NAME}/referrers/{_DIGEST}", GET=referring.referrers),
)
