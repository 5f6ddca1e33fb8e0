"""The pages that say which images have a package, or a vulnerability."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse

from registryui.accounts.access import Access
from registryui.supplychain.asking import PackageQuestion
from registryui.supplychain.found import (
    FINDING_ORDER,
    ORDER,
    Row,
    count_of,
    documents,
    places,
    with_packages,
    with_vulnerability,
)
from registryui.supplychain.images import ImagePlace
from registryui.supplychain.models import Finding, Package
from registryui.supplychain.pages.supply_chain import FindingRow, finding_row
from registryui.web.pagination import Pagination, address, paginate
from registryui.web.query import text_in

LONGEST = 300


@dataclass(frozen=True, slots=True)
class FoundPackage:
    """One image that has a package, as an SBOM says that is attached to it."""

    ecosystem: str = field(metadata={"help": "As purl calls it: deb, npm; empty if not said."})
    name: str = field(metadata={"help": "The package."})
    version: str = field(metadata={"help": "Its version there."})
    said_by: str = field(metadata={"help": "The tool that says so."})
    said_at: datetime | None = field(metadata={"help": "When it says it looked."})
    image: ImagePlace = field(metadata={"help": "The image."})


@dataclass(frozen=True, slots=True)
class FoundVulnerability:
    """One image of which a report names a vulnerability, or a VEX document states something."""

    finding: FindingRow = field(metadata={"help": "What is said."})
    said_at: datetime | None = field(metadata={"help": "When it was said."})
    image: ImagePlace = field(metadata={"help": "The image."})


@dataclass(frozen=True, slots=True)
class PackageSearchPage:
    """Which images have a package, of all that one may see."""

    url: str = field(metadata={"help": "Address of this page without a question."})
    csv_url: str = field(metadata={"help": "Address of all rows found as CSV."})
    lines_url: str = field(metadata={"help": "Address of all rows found as JSON Lines."})
    question: str = field(metadata={"help": "What was asked for."})
    is_capped: bool = field(metadata={"help": "Whether there are more rows than the total."})
    pagination: Pagination = field(metadata={"help": "Where in the list this page stands."})
    rows: tuple[FoundPackage, ...] = field(metadata={"help": "The rows of this page."})

    @classmethod
    def build(cls, query: QueryDict, access: Access) -> "PackageSearchPage":
        """Read the page: the same number of queries whatever the size."""
        path, text = reverse("package-search"), text_in(query, "q", most=LONGEST)
        found = with_packages(PackageQuestion.parse(text), access)
        total, is_capped = count_of(found) if text else (0, False)
        pagination = paginate(query, path=path, total=total, size=settings.PAGE_SIZE)
        rows = list(found.order_by(*ORDER)[pagination.offset : pagination.last]) if total else []
        export = reverse("package-export")
        return cls(
            url=path,
            csv_url=address(query, path=export, **{"as": "csv"}),
            lines_url=address(query, path=export, **{"as": "jsonl"}),
            question=text,
            is_capped=is_capped,
            pagination=pagination,
            rows=tuple(found_packages(rows)),
        )


@dataclass(frozen=True, slots=True)
class VulnerabilitySearchPage:
    """Of which images a vulnerability is reported, of all that one may see."""

    url: str = field(metadata={"help": "Address of this page without a question."})
    question: str = field(metadata={"help": "The identifier that was asked for."})
    is_capped: bool = field(metadata={"help": "Whether there are more rows than the total."})
    pagination: Pagination = field(metadata={"help": "Where in the list this page stands."})
    rows: tuple[FoundVulnerability, ...] = field(metadata={"help": "The rows of this page."})

    @classmethod
    def build(cls, query: QueryDict, access: Access) -> "VulnerabilitySearchPage":
        """Read the page: the same number of queries whatever the size."""
        path, text = reverse("vulnerability-search"), text_in(query, "q", most=100)
        found = with_vulnerability(text, access)
        total, is_capped = count_of(found) if text.strip("*") else (0, False)
        pagination = paginate(query, path=path, total=total, size=settings.PAGE_SIZE)
        rows = (
            list(found.order_by(*FINDING_ORDER)[pagination.offset : pagination.last])
            if total
            else []
        )
        return cls(
            url=path,
            question=text,
            is_capped=is_capped,
            pagination=pagination,
            rows=tuple(_found_vulnerabilities(rows)),
        )


def found_packages(rows: Sequence[Row]) -> Iterator[FoundPackage]:
    """Yield rows as they are shown, in a fixed number of queries."""
    packages = Package.objects.in_bulk({row["item"] for row in rows})
    said, where = documents(rows), places(rows)
    for row in rows:
        place = where.get((row["repository"], row["subject_digest"]))
        package, document = packages.get(row["item"]), said.get(row["document"])
        if place is not None and package is not None and document is not None:
            yield FoundPackage(
                ecosystem=package.ecosystem,
                name=package.name,
                version=package.version,
                said_by=document.made_by or document.form,
                said_at=document.made_at,
                image=place,
            )


def _found_vulnerabilities(rows: Sequence[Row]) -> Iterator[FoundVulnerability]:
    read = Finding.objects.select_related("document")
    findings = read.defer("document__beginning", "document__facts").in_bulk(
        {row["item"] for row in rows}
    )
    where = places(rows)
    for row in rows:
        place = where.get((row["repository"], row["subject_digest"]))
        finding = findings.get(row["item"])
        if place is not None and finding is not None:
            yield FoundVulnerability(finding_row(finding), finding.document.made_at, place)
