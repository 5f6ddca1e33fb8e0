"""Fetches the documents of one attached manifest, and keeps what is in them."""

import logging
import zlib
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop

from registryui.catalog.models import Manifest, Repository
from registryui.catalog.pages.manifest import document_of
from registryui.distribution.client import RegistryClient
from registryui.oci.descriptor import Descriptor
from registryui.oci.errors import OciError
from registryui.oci.media_types import COSIGN_SIMPLE_SIGNING, EMPTY_JSON
from registryui.supplychain.bases import keep_bases
from registryui.supplychain.formats.parts import MAX_DOCUMENT_BYTES, Paper
from registryui.supplychain.formats.reading import Reading, Seal, read_document
from registryui.supplychain.listeners import tell_listeners
from registryui.supplychain.listing import keep_findings, keep_packages
from registryui.supplychain.models import KEPT_BYTES, AttachedDocument, Document
from registryui.supplychain.signatures import keep_seal, keep_signature, keep_unverifiable

logger = logging.getLogger(__name__)

MAX_DOCUMENTS = 50
MEBIBYTE = 1024 * 1024
TOO_LARGE = gettext_noop(
    "A document is larger than those that are read (REGISTRYUI_DOCUMENT_MEGABYTES)."
)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A document of a manifest: its place there, its bytes, and what they say."""

    position: int
    descriptor: Descriptor
    content: bytes
    reading: Reading | None
    words: str = ""


def read_attached(
    manifest: Manifest, repository: Repository, client: RegistryClient, *, now: datetime
) -> str:
    """Fetch and keep the documents of a manifest; return why some were not, empty if all were.

    Raises RegistryError where one cannot be fetched. It may be done again: what is there is left.
    What is too large is not kept at all, since its size is only what this manifest says.
    """
    most = largest_bytes()
    layers = [
        (position, layer)
        for position, layer in enumerate(document_of(manifest).layers[:MAX_DOCUMENTS])
        if layer.media_type != EMPTY_JSON
    ]
    for position, layer in layers:
        if layer.size_bytes <= most:
            _take(_fetched(position, layer, repository, client), manifest, now)
    return TOO_LARGE if any(layer.size_bytes > most for _, layer in layers) else ""


def _fetched(
    position: int, layer: Descriptor, repository: Repository, client: RegistryClient
) -> Fetched:
    content = layer.content
    if content is None:
        content = client.blob(
            repository.name,
            layer.digest,
            max_bytes=largest_bytes(),
            expected_bytes=layer.size_bytes,
        )
    try:
        return Fetched(position, layer, content, read_document(content))
    except OciError as error:
        return Fetched(position, layer, content, None, str(error))


def largest_bytes() -> int:
    """Return how large a document may be to be read; 0 where none is."""
    return min(MAX_DOCUMENT_BYTES, max(0, int(settings.DOCUMENT_MEGABYTES)) * MEBIBYTE)


@transaction.atomic
def _take(fetched: Fetched, manifest: Manifest, now: datetime) -> None:
    document, is_new = Document.objects.get_or_create(
        digest=str(fetched.descriptor.digest), defaults=_columns(fetched, now)
    )
    if is_new and fetched.reading is not None:
        keep_packages(document, fetched.reading.paper.packages)
        keep_findings(document, fetched.reading.paper.weaknesses)
    _, is_attached_now = AttachedDocument.objects.get_or_create(
        manifest=manifest, position=fetched.position, defaults={"document": document}
    )
    if is_attached_now:
        tell_listeners(manifest, document)
    if fetched.reading is not None:
        keep_bases(manifest, fetched.reading.paper)
    _take_signatures(fetched, manifest, document, now)


def _take_signatures(
    fetched: Fetched, manifest: Manifest, document: Document, now: datetime
) -> None:
    """Keep the signatures within the document, or beside it in the manifest's annotations."""
    pairs = dict(fetched.descriptor.annotations)
    if fetched.descriptor.media_type == COSIGN_SIMPLE_SIGNING:
        keep_signature(manifest, document, fetched.position, fetched.content, pairs, now=now)
    elif fetched.reading is not None and fetched.reading.seal is not None:
        seal: Seal = fetched.reading.seal
        keep_seal(manifest, document, fetched.position, seal, pairs, now=now)
    elif document.kind == Document.Kind.SIGNATURE:
        keep_unverifiable(manifest, document, fetched.position)


def _columns(fetched: Fetched, now: datetime) -> dict[str, object]:
    columns: dict[str, object] = {
        "media_type": fetched.descriptor.media_type[:255],
        "size_bytes": fetched.descriptor.size_bytes,
        "read_at": now,
        "beginning": zlib.compress(fetched.content[:KEPT_BYTES]),
    }
    if fetched.reading is None:
        is_signature = fetched.descriptor.media_type == COSIGN_SIMPLE_SIGNING
        kind = Document.Kind.SIGNATURE if is_signature else Document.Kind.UNKNOWN
        state = Document.State.FAILED
        return {**columns, "kind": kind, "state": state, "words": fetched.words}
    return {**columns, "state": Document.State.READ, **_of_paper(fetched.reading.paper)}


def _of_paper(paper: Paper) -> dict[str, object]:
    return {
        "kind": paper.kind.value,
        "form": paper.form[:60],
        "predicate_type": paper.predicate_type[:255],
        "made_by": paper.made_by[:500],
        "made_at": paper.made_at,
        "subjects": " ".join(paper.subjects),
        "facts": {
            "facts": paper.facts,
            "parameters": paper.parameters,
            "materials": paper.materials,
        },
        "package_count": len(paper.packages),
        "finding_count": len(paper.weaknesses),
        "is_cut": paper.is_cut,
    }
