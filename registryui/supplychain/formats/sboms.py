"""Bills of materials: SPDX 2.2 and 2.3, CycloneDX 1.4 to 1.6, as JSON."""

from collections.abc import Iterator

from registryui.oci.annotations import parse_time
from registryui.oci.document import Document, list_of, object_of, text_of, texts_of
from registryui.oci.marking import gettext_noop
from registryui.supplychain.formats.parts import (
    MAX_PACKAGES,
    Paper,
    PaperKind,
    Piece,
    UnreadableError,
    each_once,
    objects_in,
    piece,
    piece_of_purl,
    short,
)

MAX_LISTED = MAX_PACKAGES * 3
MAX_DEPTH = 20
SPDX_VERSIONS = ("SPDX-2.2", "SPDX-2.3")
CYCLONEDX_VERSIONS = ("1.2", "1.3", "1.4", "1.5", "1.6")
# Not software: the image itself, and the machine it runs on.
SKIPPED = {"file", "operating-system", "data", "device", "cryptographic-asset"}


def is_spdx(document: Document) -> bool:
    """Say whether a document is SPDX 2."""
    return isinstance(document.get("spdxVersion"), str)


def is_cyclonedx(document: Document) -> bool:
    """Say whether a document is CycloneDX."""
    return document.get("bomFormat") == "CycloneDX"


def read_spdx(document: Document) -> Paper:
    """Read an SPDX document; raise UnreadableError for another version."""
    version = text_of(document, "spdxVersion", max_length=20)
    if version not in SPDX_VERSIONS:
        raise UnreadableError(
            gettext_noop("SPDX is read in the versions 2.2 and 2.3; this says another.")
        )
    described = set(texts_of(document, "documentDescribes"))
    packages = objects_in(list_of(document, "packages", max_items=MAX_LISTED))
    found, is_cut = each_once(
        _of_spdx(each) for each in packages if text_of(each, "SPDXID") not in described
    )
    creation = object_of(document, "creationInfo")
    tools = [who.removeprefix("Tool: ") for who in texts_of(creation, "creators") if "Tool:" in who]
    return Paper(
        kind=PaperKind.SBOM,
        form=version.replace("-", " "),
        made_by=short(", ".join(tools), 200),
        made_at=parse_time(creation.get("created")),
        packages=found,
        is_cut=is_cut,
    )


def _of_spdx(package: Document) -> Piece | None:
    references = objects_in(list_of(package, "externalRefs", max_items=100))
    purls = (
        text_of(each, "referenceLocator")
        for each in references
        if text_of(each, "referenceType") == "purl"
    )
    purl = next(filter(None, map(piece_of_purl, purls)), None)
    if purl is not None and purl.ecosystem in {"oci", "docker"}:
        return None  # the image itself
    name, version = text_of(package, "name"), text_of(package, "versionInfo")
    if text_of(package, "primaryPackagePurpose") in {"CONTAINER", "OPERATING-SYSTEM", "FILE"}:
        return None
    if purl is None:
        return piece("", name, version)
    return purl if purl.version else piece(purl.ecosystem, purl.name, version)


def read_cyclonedx(document: Document) -> Paper:
    """Read a CycloneDX document; raise UnreadableError for another version."""
    version = text_of(document, "specVersion", max_length=20)
    if version not in CYCLONEDX_VERSIONS:
        raise UnreadableError(
            gettext_noop("CycloneDX is read up to version 1.6; this says another.")
        )
    found, is_cut = each_once(_of_cyclonedx(each) for each in components_of(document))
    metadata = object_of(document, "metadata")
    return Paper(
        kind=PaperKind.SBOM,
        form=f"CycloneDX {version}",
        made_by=_tools(metadata),
        made_at=parse_time(metadata.get("timestamp")),
        packages=found,
        is_cut=is_cut,
    )


def components_of(document: Document, depth: int = MAX_DEPTH) -> Iterator[Document]:
    """Yield the components, and those within them."""
    for each in objects_in(list_of(document, "components", max_items=MAX_LISTED)):
        yield each
        if depth:
            yield from components_of(each, depth - 1)


def _of_cyclonedx(component: Document) -> Piece | None:
    if text_of(component, "type") in SKIPPED:
        return None
    purl = piece_of_purl(text_of(component, "purl"))
    name, version = text_of(component, "name"), text_of(component, "version")
    if purl is not None:
        return purl if purl.version else piece(purl.ecosystem, purl.name, version)
    group = text_of(component, "group")
    return piece("", f"{group}/{name}" if group else name, version)


def _tools(metadata: Document) -> str:
    """Name the tools: a list until 1.4, an object with components since 1.5."""
    tools = metadata.get("tools")
    listed = list_of(tools, "components") if isinstance(tools, dict) else list_of(metadata, "tools")
    names = [
        f"{text_of(each, 'name')} {text_of(each, 'version')}".strip() for each in objects_in(listed)
    ]
    return short(", ".join(filter(None, names)), 200)
