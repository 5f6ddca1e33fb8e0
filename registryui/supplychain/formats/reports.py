"""What scanners found: SARIF, and the JSON of Trivy and Grype."""

from collections.abc import Iterator

from registryui.oci.annotations import parse_time
from registryui.oci.document import Document, list_of, object_of, text_of, texts_of
from registryui.oci.marking import gettext_noop
from registryui.supplychain.formats.parts import (
    MAX_FINDINGS,
    Paper,
    PaperKind,
    Weakness,
    bounded,
    objects_in,
    weakness,
)

MAX_LISTED = MAX_FINDINGS * 2
_SARIF_LEVELS = {"error": "high", "warning": "medium", "note": "low"}


def is_trivy(document: Document) -> bool:
    """Say whether a document is Trivy's own JSON."""
    return "SchemaVersion" in document and ("Results" in document or "ArtifactName" in document)


def is_grype(document: Document) -> bool:
    """Say whether a document is Grype's own JSON."""
    return isinstance(document.get("matches"), list) and "descriptor" in document


def is_sarif(document: Document) -> bool:
    """Say whether a document is SARIF."""
    return isinstance(document.get("runs"), list) and isinstance(document.get("version"), str)


def read_trivy(document: Document) -> Paper:
    """Read Trivy's findings; secrets and misconfigurations are left out."""
    found, is_cut = bounded(_of_trivy(document))
    version = text_of(object_of(document, "Trivy"), "Version", max_length=50)
    return Paper(
        kind=PaperKind.REPORT,
        form=gettext_noop("Trivy report"),
        made_by=f"Trivy {version}".strip(),
        made_at=parse_time(document.get("CreatedAt")),
        weaknesses=found,
        is_cut=is_cut,
    )


def _of_trivy(document: Document) -> Iterator[Weakness]:
    for result in objects_in(list_of(document, "Results")):
        for each in objects_in(list_of(result, "Vulnerabilities", max_items=MAX_LISTED)):
            yield weakness(
                text_of(each, "VulnerabilityID"),
                severity=text_of(each, "Severity"),
                package=text_of(each, "PkgName"),
                version=text_of(each, "InstalledVersion"),
                fixed_version=text_of(each, "FixedVersion"),
                note=text_of(each, "Title"),
            )


def read_grype(document: Document) -> Paper:
    """Read Grype's matches."""
    found, is_cut = bounded(_of_grype(document))
    descriptor = object_of(document, "descriptor")
    return Paper(
        kind=PaperKind.REPORT,
        form=gettext_noop("Grype report"),
        made_by=f"Grype {text_of(descriptor, 'version', max_length=50)}".strip(),
        made_at=parse_time(descriptor.get("timestamp")),
        weaknesses=found,
        is_cut=is_cut,
    )


def _of_grype(document: Document) -> Iterator[Weakness]:
    for match in objects_in(list_of(document, "matches", max_items=MAX_LISTED)):
        found, artifact = object_of(match, "vulnerability"), object_of(match, "artifact")
        yield weakness(
            text_of(found, "id"),
            severity=text_of(found, "severity"),
            package=text_of(artifact, "name"),
            version=text_of(artifact, "version"),
            fixed_version=", ".join(texts_of(object_of(found, "fix"), "versions", max_items=10)),
            note=text_of(found, "description"),
        )


def read_sarif(document: Document) -> Paper:
    """Read the results of every run; a rule's security severity counts before its level."""
    runs = list(objects_in(list_of(document, "runs", max_items=50)))
    found, is_cut = bounded(each for run in runs for each in _of_sarif(run))
    drivers = [object_of(object_of(run, "tool"), "driver") for run in runs]
    names = [f"{text_of(each, 'name')} {text_of(each, 'version')}".strip() for each in drivers]
    ends = [
        parse_time(each.get("endTimeUtc"))
        for run in runs
        for each in objects_in(list_of(run, "invocations", max_items=10))
    ]
    return Paper(
        kind=PaperKind.REPORT,
        form="SARIF",
        made_by=", ".join(filter(None, names))[:200],
        made_at=next(filter(None, ends), None),
        weaknesses=found,
        is_cut=is_cut,
    )


def _of_sarif(run: Document) -> Iterator[Weakness]:
    driver = object_of(object_of(run, "tool"), "driver")
    rules = {
        text_of(rule, "id"): rule
        for rule in objects_in(list_of(driver, "rules", max_items=MAX_LISTED))
    }
    for result in objects_in(list_of(run, "results", max_items=MAX_LISTED)):
        identifier = text_of(result, "ruleId")
        rule = rules.get(identifier, {})
        properties = object_of(rule, "properties")
        level = text_of(result, "level") or text_of(
            object_of(rule, "defaultConfiguration"), "level"
        )
        yield weakness(
            identifier,
            severity=_by_score(properties) or _SARIF_LEVELS.get(level, level),
            note=text_of(object_of(result, "message"), "text"),
        )


def _by_score(properties: Document) -> str:
    """Say a CVSS score in words, as GitHub does with ``security-severity``."""
    try:
        score = float(text_of(properties, "security-severity", max_length=10) or "-1")
    except ValueError:
        return ""
    steps = ((9.0, "critical"), (7.0, "high"), (4.0, "medium"), (0.1, "low"))
    return next((word for least, word in steps if score >= least), "")
