"""The page of what vouches for one image, and its one line on the image's own page."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Case, Count, IntegerField, QuerySet, Value, When
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registryui.accounts.access import Access
from registryui.catalog.models import Manifest, Repository
from registryui.catalog.pages.image_pages import Beside, ImagePage, image_pages
from registryui.catalog.pages.manifest_detail import full_crumbs
from registryui.catalog.pages.parts import Link
from registryui.oci.digest import Digest
from registryui.supplychain.models import Document, Finding, Package, PackageUse
from registryui.supplychain.pages.documents import (
    Attachments,
    DocumentRow,
    SignatureRow,
    attachments_of,
    subjects_of,
)
from registryui.supplychain.verdicts import Verdict
from registryui.web.pagination import Pagination, paginate
from registryui.web.query import text_in

SEVERITIES = ("critical", "high", "medium", "moderate", "low", "negligible", "unknown")
SHOWN_FINDINGS = 200


@dataclass(frozen=True, slots=True)
class PackageRow:
    """A package that an SBOM of the image lists."""

    ecosystem: str = field(metadata={"help": "As purl calls it: deb, npm; empty if not said."})
    name: str = field(metadata={"help": "Its name."})
    version: str = field(metadata={"help": "Its version."})
    count: int = field(metadata={"help": "How many of the SBOMs list it."})


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A vulnerability that a report names, or what a VEX document states of it."""

    identifier: str = field(metadata={"help": "CVE-…, GHSA-…, as reported."})
    severity: str = field(metadata={"help": "As reported; empty if not said."})
    package: str = field(metadata={"help": "The package."})
    version: str = field(metadata={"help": "Its version."})
    fixed_version: str = field(metadata={"help": "Where it is fixed; empty if not said."})
    status: str = field(metadata={"help": "What a VEX document states; empty for reports."})
    note: str = field(metadata={"help": "What else is said."})
    said_by: str = field(metadata={"help": "The tool or author that says so."})


@dataclass(frozen=True, slots=True)
class SeverityCount:
    """How many findings have a severity."""

    severity: str = field(metadata={"help": "As reported."})
    count: int = field(metadata={"help": "How many."})


@dataclass(frozen=True, slots=True)
class SupplyChainPage:
    """Who signed an image, what it says it consists of, who says they built it, what was found."""

    registry: str = field(metadata={"help": "The registry's name in addresses."})
    repository: str = field(metadata={"help": "The repository's full name."})
    digest: str = field(metadata={"help": "The image's digest."})
    url: str = field(metadata={"help": "Address of this page."})
    image_url: str = field(metadata={"help": "Address of the image."})
    crumbs: tuple[Link, ...] = field(metadata={"help": "The way up."})
    pages: tuple[ImagePage, ...] = field(metadata={"help": "The pages of the image."})
    pending_count: int = field(metadata={"help": "Attached manifests that are still to be read."})
    errors: tuple[str, ...] = field(metadata={"help": "Why others could not be fetched."})
    is_cut: bool = field(metadata={"help": "Whether more is attached than is shown."})
    signatures: tuple[SignatureRow, ...] = field(metadata={"help": "Signatures of the image."})
    provenances: tuple[DocumentRow, ...] = field(metadata={"help": "How it was built, so said."})
    sboms: tuple[DocumentRow, ...] = field(metadata={"help": "What it consists of, so said."})
    reports: tuple[DocumentRow, ...] = field(metadata={"help": "What scanners found."})
    others: tuple[DocumentRow, ...] = field(metadata={"help": "Whatever else is attached."})
    severities: tuple[SeverityCount, ...] = field(metadata={"help": "Findings by severity."})
    findings: tuple[FindingRow, ...] = field(metadata={"help": "Findings, the worst first."})
    statements: tuple[FindingRow, ...] = field(metadata={"help": "What VEX documents state."})
    more_findings: int = field(metadata={"help": "How many findings are not shown."})
    filter: str = field(metadata={"help": "The text in the names of packages."})
    pagination: Pagination = field(metadata={"help": "Where in the packages this page stands."})
    packages: tuple[PackageRow, ...] = field(metadata={"help": "The packages of this page."})

    @classmethod
    def build(
        cls, repository: Repository, row: Manifest, query: QueryDict, access: Access
    ) -> "SupplyChainPage":
        """Read the page, with the same number of queries whatever is attached."""
        path = f"{repository.get_absolute_url()}-/manifests/{row.digest}/"
        found = attachments_of(repository, subjects_of(row, repository))
        text = text_in(query, "q", most=255)
        listed = _listed(found, text)
        pagination = paginate(
            query, path=f"{path}supply-chain/", total=listed.count(), size=settings.PAGE_SIZE
        )
        counts = _severities(found.keys)
        shown, stated = _findings(found.keys), _statements(found.keys)
        return cls(
            registry=repository.registry.slug,
            repository=repository.name,
            digest=row.digest,
            url=f"{path}supply-chain/",
            image_url=path,
            crumbs=(*full_crumbs(repository), Link(Digest.parse(row.digest).short, path)),
            pages=image_pages(
                repository,
                row,
                here=Beside.SUPPLY_CHAIN,
                looks_inside=access.looks_inside(repository.registry.slug, repository.name),
            ),
            pending_count=found.pending_count,
            errors=found.errors,
            is_cut=found.is_cut,
            signatures=found.signatures,
            provenances=_of_kinds(found, Document.Kind.PROVENANCE),
            sboms=_of_kinds(found, Document.Kind.SBOM),
            reports=_of_kinds(found, Document.Kind.REPORT, Document.Kind.VEX),
            others=_of_kinds(found, Document.Kind.STATEMENT, Document.Kind.UNKNOWN),
            severities=counts,
            findings=shown,
            statements=stated,
            more_findings=max(0, sum(each.count for each in counts) - len(shown)),
            filter=text,
            pagination=pagination,
            packages=_packages(found, listed, pagination),
        )


@dataclass(frozen=True, slots=True)
class SupplyChainSummaryPage:
    """What vouches for an image, in one line."""

    registry: str = field(metadata={"help": "The registry's name in addresses."})
    repository: str = field(metadata={"help": "The repository's full name."})
    digest: str = field(metadata={"help": "The image's digest."})
    url: str = field(metadata={"help": "Address of all that is known."})
    crumbs: tuple[Link, ...] = field(metadata={"help": "The way up."})
    verdicts: tuple[SignatureRow, ...] = field(metadata={"help": "One signature of each verdict."})
    words: tuple[str, ...] = field(metadata={"help": "What else is attached, in words."})
    is_pending: bool = field(metadata={"help": "Whether some of it is still to be read."})

    @classmethod
    def build(cls, repository: Repository, row: Manifest) -> "SupplyChainSummaryPage":
        """Read the line, in a fixed number of queries."""
        path = f"{repository.get_absolute_url()}-/manifests/{row.digest}/"
        found = attachments_of(repository, subjects_of(row, repository))
        return cls(
            registry=repository.registry.slug,
            repository=repository.name,
            digest=row.digest,
            url=f"{path}supply-chain/",
            crumbs=(*full_crumbs(repository), Link(Digest.parse(row.digest).short, path)),
            verdicts=_one_of_each(found.signatures),
            words=tuple(_words(found)),
            is_pending=bool(found.pending_count),
        )


def _one_of_each(rows: Sequence[SignatureRow]) -> tuple[SignatureRow, ...]:
    """Return the first signature of each verdict, broken ones first: they must not be missed."""
    order = (Verdict.BROKEN, Verdict.SIGNED, Verdict.UNKNOWN_KEY, Verdict.UNCHECKED)
    first = {row.verdict: row for row in reversed(rows)}
    return tuple(first[verdict.value] for verdict in order if verdict.value in first)


def _words(found: Attachments) -> list[str]:
    words = []
    sboms = [row for row in found.documents if row.kind == Document.Kind.SBOM]
    if sboms:
        count = max(row.package_count for row in sboms)
        text = ngettext("SBOM with %(count)s package", "SBOM with %(count)s packages", count)
        words.append(text % {"count": f"{count:,}"})
    for row in found.documents:
        if row.kind == Document.Kind.PROVENANCE:
            builder = row.made_by or _("an unnamed builder")
            words.append(_("provenance from %(builder)s") % {"builder": builder[:80]})
            break
    reports = sum(row.kind == Document.Kind.REPORT for row in found.documents)
    if reports:
        text = ngettext("%(count)s report", "%(count)s reports", reports)
        words.append(text % {"count": reports})
    return words


def _of_kinds(found: Attachments, *kinds: str) -> tuple[DocumentRow, ...]:
    return tuple(row for row in found.documents if row.kind in kinds)


def _listed(found: Attachments, text: str) -> QuerySet[Package]:
    """Return the packages that any of the SBOMs lists, each once."""
    uses = PackageUse.objects.filter(document__in=found.keys)
    packages = Package.objects.filter(pk__in=uses.values("package"))
    return packages.filter(name__icontains=text) if text else packages


def _packages(
    found: Attachments, listed: QuerySet[Package], pagination: Pagination
) -> tuple[PackageRow, ...]:
    rows = listed.order_by("name", "version_key", "pk")[pagination.offset : pagination.last]
    page = list(rows)
    uses = PackageUse.objects.filter(document__in=found.keys, package__in=page)
    counts = dict(uses.values_list("package").annotate(count=Count("pk")).order_by())
    return tuple(
        PackageRow(each.ecosystem, each.name, each.version, counts.get(each.pk, 0)) for each in page
    )


def _severities(documents: Sequence[int]) -> tuple[SeverityCount, ...]:
    rows = Finding.objects.filter(document__in=documents, status="")
    counts = Counter(dict(rows.values_list("severity").annotate(count=Count("pk")).order_by()))
    return tuple(
        SeverityCount(severity, counts[severity])
        for severity in sorted(counts, key=lambda each: (rank(each), each))
    )


def rank(severity: str) -> int:
    """Return where a severity stands, the worst first."""
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)


def _findings(documents: Sequence[int]) -> tuple[FindingRow, ...]:
    ranks = [When(severity=word, then=Value(number)) for number, word in enumerate(SEVERITIES)]
    worst = Case(*ranks, default=Value(len(SEVERITIES)), output_field=IntegerField())
    rows = Finding.objects.filter(document__in=documents, status="")
    return tuple(map(finding_row, _read(rows.order_by(worst, "identifier", "pk"))))


def _statements(documents: Sequence[int]) -> tuple[FindingRow, ...]:
    rows = Finding.objects.filter(document__in=documents).exclude(status="")
    return tuple(map(finding_row, _read(rows.order_by("identifier", "pk"))))


def _read(rows: QuerySet[Finding]) -> QuerySet[Finding]:
    read = rows.select_related("document")
    return read.defer("document__beginning", "document__facts")[:SHOWN_FINDINGS]


def finding_row(finding: Finding) -> FindingRow:
    """Return a finding as it is shown."""
    return FindingRow(
        identifier=finding.identifier,
        severity=finding.severity,
        package=finding.package,
        version=finding.version,
        fixed_version=finding.fixed_version,
        status=finding.status.replace("_", " "),
        note=finding.note.replace("_", " ") if finding.status else finding.note,
        said_by=finding.document.made_by or finding.document.form,
    )
