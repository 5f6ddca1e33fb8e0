"""Formats: how a manifest's document is to be read, and refusing one that can be read two ways."""

from enum import Enum, auto

from registryui.oci import media_types
from registryui.oci.document import Document, InvalidDocumentError
from registryui.oci.marking import gettext_noop

_DISAGREE = gettext_noop(
    "The manifest's type and its contents disagree, so its contents are not shown."
)
_TWO_TYPES = gettext_noop("The registry calls it {header}, the manifest itself says {body}.")


class Format(Enum):
    """The shapes of a manifest; the Docker and the OCI form of each are read alike."""

    INDEX = auto()
    IMAGE = auto()
    ARTIFACT = auto()
    SCHEMA1 = auto()


_FORMATS = {
    media_types.OCI_INDEX: Format.INDEX,
    media_types.DOCKER_LIST: Format.INDEX,
    media_types.OCI_MANIFEST: Format.IMAGE,
    media_types.DOCKER_MANIFEST: Format.IMAGE,
    media_types.OCI_ARTIFACT: Format.ARTIFACT,
    media_types.SCHEMA1: Format.SCHEMA1,
    media_types.SCHEMA1_SIGNED: Format.SCHEMA1,
}
# OCI documents may leave out their media type.
_DEFAULT_TYPES = {
    Format.INDEX: media_types.OCI_INDEX,
    Format.IMAGE: media_types.OCI_MANIFEST,
    Format.SCHEMA1: media_types.SCHEMA1,
}
_CONTENTS = {
    "manifests": Format.INDEX,
    "layers": Format.IMAGE,
    "config": Format.IMAGE,
    "fsLayers": Format.SCHEMA1,
}


def format_of(document: Document, *, header_type: str, body_type: str) -> Format | None:
    """Tell how to read the document; None when nobody says, or header, type and contents disagree.

    Raises InvalidDocumentError when the contents are of two formats at once: clients then differ
    on what the image is (CVE-2021-41190).
    """
    formats = {_format_of_contents(document), _FORMATS.get(header_type), _FORMATS.get(body_type)}
    formats.discard(None)
    return formats.pop() if len(formats) == 1 else None


def media_type_of(form: Format | None, *, header_type: str, body_type: str) -> str:
    """Give the document's type: its own word, then the header's, then what its contents imply."""
    for declared in (body_type, header_type):
        if media_types.is_manifest(declared):
            return declared
    implied = _DEFAULT_TYPES.get(form) if form is not None else None
    return implied or body_type or header_type


def disagreement(form: Format | None, *, header_type: str, body_type: str) -> tuple[str, ...]:
    """Give sentences for people when header, type and contents do not say the same."""
    declared = sorted(filter(media_types.is_manifest, {header_type, body_type}))
    if form is None and declared:
        return (_DISAGREE,)
    if len(declared) > 1:
        return (_TWO_TYPES.format(header=header_type, body=body_type),)
    return ()


def _format_of_contents(document: Document) -> Format | None:
    formats = {form for key, form in _CONTENTS.items() if document.get(key) is not None}
    if len(formats) > 1:
        raise InvalidDocumentError(gettext_noop("The document is two kinds of manifest at once."))
    return formats.pop() if formats else None
