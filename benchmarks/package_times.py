"""Images with packages, written by SQL, and how long it takes to find them."""

import time
from collections.abc import Callable

from django.core.management import call_command
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registryui.accounts.access import Access, Scope
from registryui.catalog.models import Registry
from registryui.supplychain.models import Package
from registryui.supplychain.package_versions import package_key
from registryui.supplychain.pages.packages import PackageSearchPage

VERSIONS = 40
TEAMS = 100
RARE = 20
NOW = "2026-01-01 00:00:00+00:00"
NUMBERS = "WITH RECURSIVE numbers(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM numbers WHERE i < {})"
# One repository, image, tag, SBOM and report each; columns without a default only.
TABLES = {
    "catalog_repository": (
        "id, registry_id, name, namespace, state, tag_count, stored_bytes, newest_tag, platforms,"
        " description, first_seen_at, changed_at, last_error",
        f"i + 1, 1, 'team-' || (i % {TEAMS}) || '/app-' || i, 'team-' || (i % {TEAMS}), 'ACTIVE',"
        " 1, 0, '1.0', 'linux/amd64', '', {now}, {now}, ''",
    ),
    "catalog_manifest": (
        "id, digest, media_type, kind, artifact_type, size_bytes, platform, platforms,"
        " compressed_bytes, smallest_bytes, subject_digest, content",
        "i + 1, 'sha256:image' || i, 'm', 'IMAGE', '', 1, 'linux/amd64', 'linux/amd64', 1, 1, '',"
        " {bytes}",
    ),
    "catalog_manifest ": (
        "id, digest, media_type, kind, artifact_type, size_bytes, platform, platforms,"
        " compressed_bytes, smallest_bytes, subject_digest, content",
        "i + 1 + {images}, 'sha256:attached' || i, 'm', 'SBOM', '', 1, '', '', 1, 1,"
        " 'sha256:image' || i, {bytes}",
    ),
    "catalog_tag": (
        "id, repository_id, name, manifest_id, version_key, is_attached, is_lead, first_seen_at,"
        " moved_at",
        "i + 1, i + 1, '1.0', i + 1, '1', {no}, {yes}, {now}, {now}",
    ),
    "catalog_referrer": (
        "id, repository_id, subject_digest, manifest_id, kind, source",
        "i + 1, i + 1, 'sha256:image' || i, i + 1 + {images}, 'SBOM', 'SUBJECT'",
    ),
    "supplychain_document": (
        "id, digest, media_type, kind, form, predicate_type, state, words, size_bytes, made_by,"
        " subjects, facts, package_count, finding_count, is_cut, read_at, beginning",
        "i + 1, 'sha256:document' || i, 'm', 'SBOM', 'SPDX 2.3', '', 'READ', '', 1, 'syft', '',"
        " '{{}}', 50, 1, {no}, {now}, {bytes}",
    ),
    "supplychain_attacheddocument": (
        "id, manifest_id, document_id, position",
        "i + 1, i + 1 + {images}, i + 1, 0",
    ),
    "supplychain_finding": (
        "id, document_id, identifier, severity, package, version, fixed_version, status, note",
        "i + 1, i + 1, 'CVE-2022-' || (i % 10), 'high', 'openssl', '', '', '', ''",
    ),
}
QUESTIONS = {
    "a version": "/packages/?q=package-7+3.0.1",
    "a name that all images have": "/packages/?q=package-7",
    "its last page": "/packages/?q=package-7&page=20",
    "a range of versions": "/packages/?q=package-7+>%3D3.0.5+<3.0.9",
    "names by their beginning": "/packages/?q=package-1*+3.0.1",
    "a package of few images": "/packages/?q=rare+1.0",
    "a package of none": "/packages/?q=nobody+1.0",
    "a vulnerability": "/vulnerabilities/?q=CVE-2022-3",
    "many vulnerabilities": "/vulnerabilities/?q=CVE-2022-*",
}
MEMBER = "a name, seen by a team of 1 %"


def fill(images: int, each: int) -> None:
    """Write so many images, each with so many packages."""
    call_command("migrate", verbosity=0)
    is_sqlite = connection.vendor == "sqlite"
    words = {
        "now": f"'{NOW}'",
        "bytes": "x''" if is_sqlite else "''::bytea",
        "no": "0" if is_sqlite else "false",
        "yes": "1" if is_sqlite else "true",
        "images": images,
    }
    Registry.objects.create(pk=1, slug="main", base_url="https://registry.example")
    with connection.cursor() as cursor:
        for name, (columns, values) in TABLES.items():
            _insert(cursor.execute, name.strip(), columns, values.format(**words), images)
        _fill_packages(cursor.execute, images, each)
        cursor.execute("ANALYZE")


def _fill_packages(execute: Callable[[str], object], images: int, each: int) -> None:
    """Write each package in forty versions, of which every image has one; and a rare one."""
    versions = [f"3.0.{number}" for number in range(VERSIONS)]
    packages = [
        Package(ecosystem="deb", name=f"package-{number}", version=each_version, version_key=key)
        for number in range(each)
        for each_version, key in ((version, package_key(version)) for version in versions)
    ]
    for number, package in enumerate(packages, 1):
        package.pk = number
    rare = len(packages) + 1
    packages.append(Package(pk=rare, name="rare", version="1.0", version_key=package_key("1.0")))
    Package.objects.bulk_create(packages, batch_size=500)
    for number in range(each):
        which = f"{number} * {VERSIONS} + (i * 7 + {number}) % {VERSIONS} + 1"
        key = f"i * {each} + {number} + 1"
        values = f"{key}, {which}, i + 1"
        _insert(execute, "supplychain_packageuse", "id, package_id, document_id", values, images)
    values = f"{images} * {each} + i + 1, {rare}, i + 1"
    _insert(execute, "supplychain_packageuse", "id, package_id, document_id", values, RARE)


def _insert(
    execute: Callable[[str], object], name: str, columns: str, values: str, count: int
) -> None:
    numbers = NUMBERS.format(count - 1)
    execute(f"INSERT INTO {name} ({columns}) {numbers} SELECT {values} FROM numbers")  # noqa: S608


def measure(rounds: int) -> dict[str, tuple[float, int]]:
    """Return the least milliseconds and the queries of each question.

    The least of several rounds: whatever else the machine does only adds to it.
    """
    client = Client()
    client.get("/packages/?q=a")  # compiles the templates
    found = {
        question: _times(lambda address=address: _get(client, address), rounds)  # type: ignore[misc]
        for question, address in QUESTIONS.items()
    }
    found[MEMBER] = _times(_as_member, rounds)
    return found


def _get(client: Client, address: str) -> None:
    response = client.get(address)
    if response.status_code != 200:
        raise SystemExit(f"{address} was answered with {response.status_code}.")


def _as_member() -> None:
    access = Access(1, "member", "MEMBER", scopes=(Scope("BROWSE", "*", "team-7/*"),))
    PackageSearchPage.build(QueryDict("q=package-7"), access)


def _times(ask: Callable[[], object], rounds: int) -> tuple[float, int]:
    with CaptureQueriesContext(connection) as captured:
        ask()
    queries = len(captured)
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        ask()
        times.append((time.perf_counter() - started) * 1000)
    return min(times), queries
