"""What a maker says of vulnerabilities: OpenVEX, and CycloneDX with analyses."""

from collections.abc import Iterator

from registryui.oci.annotations import parse_time
from registryui.oci.document import Document, list_of, object_of, text_of
from registryui.supplychain.formats.parts import (
    MAX_FINDINGS,
    Paper,
    PaperKind,
    Weakness,
    bounded,
    objects_in,
    piece_of_purl,
    weakness,
)
from registryui.supplychain.formats.sboms import components_of

# CycloneDX says the same as OpenVEX in other words.
_STATES = {
    "exploitable": "affected",
    "in_triage": "under_investigation",
    "resolved": "fixed",
    "resolved_with_pedigree": "fixed",
    "false_positive": "not_affected",
}


def is_openvex(document: Document) -> bool:
    """Say whether a document is OpenVEX."""
    return text_of(document, "@context").startswith("https://openvex.dev/ns")


def is_cyclonedx_vex(document: Document) -> bool:
    """Say whether a CycloneDX document has vulnerabilities."""
    return bool(list_of(document, "vulnerabilities", max_items=1))


def read_openvex(document: Document) -> Paper:
    """Read the statements."""
    found, is_cut = bounded(_of_openvex(document))
    return Paper(
        kind=PaperKind.VEX,
        form="OpenVEX",
        made_by=text_of(document, "author", max_length=200),
        made_at=parse_time(document.get("timestamp")),
        weaknesses=found,
        is_cut=is_cut,
    )


def _of_openvex(document: Document) -> Iterator[Weakness]:
    for each in objects_in(list_of(document, "statements", max_items=MAX_FINDINGS)):
        named = each.get("vulnerability")
        # A text until OpenVEX 0.2.
        identifier = (
            text_of(named, "name") if isinstance(named, dict) else text_of(each, "vulnerability")
        )
        notes = (
            text_of(each, key) for key in ("justification", "impact_statement", "action_statement")
        )
        note = ": ".join(filter(None, notes))
        status = text_of(each, "status")
        yield weakness(identifier, status=status, note=note)
        for product in list_of(each, "products", max_items=100):
            yield from _of_product(product, identifier, status, note)


def _of_product(product: object, identifier: str, status: str, note: str) -> Iterator[Weakness]:
    """Yield the packages within a product; the product itself is most often the image."""
    components = (
        list_of(product, "subcomponents", max_items=100) if isinstance(product, dict) else []
    )
    for component in components:
        text = text_of(component, "@id") if isinstance(component, dict) else component
        found = piece_of_purl(text) if isinstance(text, str) else None
        if found is not None:
            yield weakness(
                identifier, package=found.name, version=found.version, status=status, note=note
            )


def read_cyclonedx_vulnerabilities(document: Document) -> tuple[tuple[Weakness, ...], bool]:
    """Read the vulnerabilities of a CycloneDX document, with their analyses."""
    names = {
        text_of(each, "bom-ref"): (text_of(each, "name"), text_of(each, "version"))
        for each in components_of(document)
        if text_of(each, "bom-ref")
    }
    return bounded(_of_cyclonedx(document, names))


def _of_cyclonedx(document: Document, names: dict[str, tuple[str, str]]) -> Iterator[Weakness]:
    for each in objects_in(list_of(document, "vulnerabilities", max_items=MAX_FINDINGS)):
        analysis = object_of(each, "analysis")
        state = text_of(analysis, "state")
        ratings = objects_in(list_of(each, "ratings", max_items=20))
        severity = next(filter(None, (text_of(rating, "severity") for rating in ratings)), "")
        affected = [
            names.get(text_of(part, "ref"), ("", ""))
            for part in objects_in(list_of(each, "affects", max_items=100))
        ]
        for package, version in dict.fromkeys(affected) or [("", "")]:
            yield weakness(
                text_of(each, "id"),
                severity=severity,
                package=package,
                version=version,
                status=_STATES.get(state, state),
                note=text_of(analysis, "detail") or text_of(analysis, "justification"),
            )
