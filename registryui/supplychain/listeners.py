"""Who wants to know of newly attached documents: apps above this one, by adding a function."""

from collections.abc import Callable

from registryui.catalog.models import Manifest
from registryui.supplychain.models import Document

Listener = Callable[[Manifest, Document], None]

# Each is called in the transaction that keeps the document, so what it notes is never lost alone.
# Added when the apps are made ready, only read afterwards.
listeners: list[Listener] = []


def tell_listeners(attached: Manifest, document: Document) -> None:
    """Tell all of them that a document of an attached manifest was read."""
    for listen in listeners:
        listen(attached, document)
