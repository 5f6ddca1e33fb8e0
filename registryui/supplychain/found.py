"""Images that have a package or a vulnerability: counted, paged, and read for exports."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import F, Q, QuerySet

from registryui.accounts.access import Access
from registryui.catalog.models import Referrer
from registryui.supplychain.asking import PackageQuestion, identifier_condition
from registryui.supplychain.images import DOCUMENT, ImagePlace, places_of, referrers_with
from registryui.supplychain.models import Document, Package

MOST_COUNTED = 1000
MOST_VERSIONS = 1000
BATCH = 500

Row = dict[str, Any]
# Each is the order of an index, so that a page is read from it and nothing is sorted.
ORDER = ("item", "document", "pk")
FINDING_ORDER = ("identifier", "document", "item", "pk")
_COLUMNS = ("pk", "repository", "subject_digest", "document", "item")
_USES = f"{DOCUMENT}__package_uses"
_FINDINGS = f"{DOCUMENT}__findings"


def with_packages(question: PackageQuestion, access: Access) -> QuerySet[Referrer, Row]:
    """Return a row for each image and package that fits, of those that one may see.

    The packages are looked for first: their names and versions are stored once, whatever the
    number of images.
    """
    packages = Package.objects.filter(question.condition).order_by("name", "version_key")
    keys = list(packages.values_list("pk", flat=True)[:MOST_VERSIONS])
    rows = referrers_with(Q((f"{_USES}__package__in", keys)), access).annotate(
        document=F(f"{_USES}__document_id"), item=F(f"{_USES}__package_id")
    )
    found: QuerySet[Referrer, Row] = rows.values(*_COLUMNS)
    return found


def with_vulnerability(text: str, access: Access) -> QuerySet[Referrer, Row]:
    """Return a row for each image and finding that fits, of those that one may see."""
    rows = referrers_with(identifier_condition(text, path=f"{_FINDINGS}__"), access).annotate(
        document=F(f"{_FINDINGS}__document_id"),
        item=F(f"{_FINDINGS}__pk"),
        identifier=F(f"{_FINDINGS}__identifier"),
    )
    found: QuerySet[Referrer, Row] = rows.values(*_COLUMNS, "identifier")
    return found


def count_of(found: QuerySet[Referrer, Row]) -> tuple[int, bool]:
    """Count rows, no more than MOST_COUNTED; say whether there are more."""
    count = found.order_by()[: MOST_COUNTED + 1].count()
    return min(count, MOST_COUNTED), count > MOST_COUNTED


def batches(found: QuerySet[Referrer, Row]) -> Iterator[Sequence[Row]]:
    """Yield all rows in order; each batch begins after the last row of the one before."""
    last: Row | None = None
    while True:
        rows = found if last is None else found.filter(_after(last))
        batch = list(rows.order_by(*ORDER)[:BATCH])
        if batch:
            yield batch
        if len(batch) < BATCH:
            return
        last = batch[-1]


def _after(row: Row) -> Q:
    later = Q(document=row["document"], pk__gt=row["pk"]) | Q(document__gt=row["document"])
    return Q(item__gt=row["item"]) | (Q(item=row["item"]) & later)


def places(rows: Sequence[Row]) -> dict[tuple[int, str], ImagePlace]:
    """Return where the images of some rows are."""
    return places_of((row["repository"], row["subject_digest"]) for row in rows)


def documents(rows: Sequence[Row]) -> dict[int, Document]:
    """Return the documents of some rows, without what only other pages show."""
    read = Document.objects.defer("beginning", "facts")
    return read.in_bulk({row["document"] for row in rows})
