"""GitHub's container registry: the packages of organisations and users, by GitHub's REST API."""

from collections.abc import Iterator

from registryui.distribution.errors import NotFoundError
from registryui.distribution.links import next_query
from registryui.distribution.listing import CatalogPage
from registryui.distribution.vendors.api import PAGE_SIZE, VendorApi, in_path
from registryui.distribution.vendors.walk import Batch, Walk
from registryui.oci.document import text_of
from registryui.oci.marking import gettext_noop

URL = "https://api.github.com"
NEEDED = gettext_noop("a classic personal access token with read:packages")

_FIRST = f"package_type=container&per_page={PAGE_SIZE}"


def pages(api: VendorApi, namespaces: tuple[str, ...]) -> Iterator[CatalogPage]:
    """List the namespaces one after the other, each as an organisation, else as a user."""
    walk = Walk(api.parts.limits, api.invalid)
    for namespace in namespaces:
        try:
            first = _batch(api, "orgs", namespace, _FIRST)
            kind = "orgs"
        except NotFoundError:
            first = _batch(api, "users", namespace, _FIRST)
            kind = "users"

        def ask(query: str, at: str = kind, of: str = namespace, begun: Batch = first) -> Batch:
            return begun if query == _FIRST else _batch(api, at, of, query)

        yield from walk.pages(ask, _FIRST)


def _batch(api: VendorApi, kind: str, namespace: str, query: str) -> Batch:
    answer = api.get(f"/{kind}/{in_path(namespace)}/packages", query)
    entries = [_name(entry, namespace) for entry in api.entries(answer)]
    return Batch(entries, next_query(answer.headers.get_list("link")))


def _name(entry: object, namespace: str) -> object:
    """Name a package as the registry does: in lower case, whatever its owner's name looks like."""
    return f"{namespace}/{text_of(entry, 'name')}".lower() if isinstance(entry, dict) else entry
