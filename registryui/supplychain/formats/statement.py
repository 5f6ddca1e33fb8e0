"""in-toto statements: something is stated about artifacts that are named by digest."""

from collections.abc import Iterator
from dataclasses import dataclass

from registryui.oci.digest import Digest
from registryui.oci.document import Document, list_of, object_of, text_of
from registryui.oci.errors import OciError
from registryui.oci.marking import gettext_noop
from registryui.supplychain.formats.parts import MAX_SUBJECTS, UnreadableError, objects_in

TYPES = ("https://in-toto.io/Statement/v0.1", "https://in-toto.io/Statement/v1")


@dataclass(frozen=True, slots=True)
class Statement:
    """What kind of thing is stated, about which digests, and what."""

    predicate_type: str
    subjects: tuple[str, ...]
    predicate: Document


def is_statement(document: Document) -> bool:
    """Say whether a document is a statement."""
    return text_of(document, "_type").startswith("https://in-toto.io/Statement/")


def read_statement(document: Document) -> Statement:
    """Read a statement of version 0.1 or 1; raise UnreadableError."""
    kind = text_of(document, "predicateType", max_length=255)
    if text_of(document, "_type") not in TYPES or not kind:
        raise UnreadableError(
            gettext_noop("It is no in-toto statement of a version that is known here.")
        )
    subjects = tuple(dict.fromkeys(_digests(document)))
    return Statement(kind, subjects, object_of(document, "predicate"))


def _digests(document: Document) -> Iterator[str]:
    for subject in objects_in(list_of(document, "subject", max_items=MAX_SUBJECTS)):
        for algorithm, encoded in list(object_of(subject, "digest").items())[:5]:
            try:
                yield str(Digest.parse(f"{algorithm}:{encoded}"))
            except OciError:  # sha1 and the like name no image
                continue
