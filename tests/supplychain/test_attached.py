"""What is attached to images is read after a sync, once, and within limits."""

import base64
import json
from datetime import timedelta

import httpx
import pytest
from django.core.management import call_command

from registryui import connections
from registryui.catalog.models import Referrer
from registryui.connections import client_for
from registryui.distribution.limits import Limits
from registryui.jobs.api import Hands, work_off
from registryui.oci import media_types
from registryui.oci.digest import Digest
from registryui.sample.builder import artifact, attestation, index, push
from registryui.supplychain import attached, working
from registryui.supplychain.models import (
    Attached,
    AttachedDocument,
    Document,
    Finding,
    Package,
    PackageUse,
    Progress,
)
from registryui.supplychain.working import look_at_all_again, plan, unread
from registryui.sync.crawl import Terms, crawl
from tests.indexing import NOW
from tests.supplychain import papers
from tests.supplychain.conftest import REPOSITORY
from tests.supplychain.signing import attest, bundle, signer

QUICK = Limits(tries=1)


def attach(yard, subject, document, media_type, repository=REPOSITORY):
    content = document if isinstance(document, bytes) else json.dumps(document).encode()
    return artifact(
        yard.sample,
        repository,
        artifact_type=media_type,
        files=[("", media_type, content)],
        subject=subject,
    )


def kinds() -> set[tuple[str, str]]:
    return set(Document.objects.values_list("kind", "form"))


@pytest.mark.parametrize(
    ("document", "media_type", "expected"),
    [
        (papers.SPDX, "application/spdx+json", ("SBOM", "SPDX 2.3")),
        (papers.CYCLONEDX, "application/vnd.cyclonedx+json", ("SBOM", "CycloneDX 1.6")),
        (papers.SARIF, "application/sarif+json", ("REPORT", "SARIF")),
        (papers.TRIVY, "application/json", ("REPORT", "Trivy report")),
        (papers.GRYPE, "application/json", ("REPORT", "Grype report")),
        (papers.OPENVEX, "application/vnd.openvex+json", ("VEX", "OpenVEX")),
        (b"\x00\x01", "application/octet-stream", ("UNKNOWN", "")),
    ],
)
def test_reads_plain_referrers(yard, document, media_type, expected):
    attach(yard, yard.image(), document, media_type)

    yard.sync()

    assert kinds() == {expected}


@pytest.mark.parametrize("form", ["image", "artifact"])
def test_reads_both_forms_of_attestations_of_buildkit(yard, form):
    subject = yard.image(tag=None)
    predicates = {
        "https://slsa.dev/provenance/v1": papers.SLSA,
        "https://spdx.dev/Document": papers.SPDX,
    }
    entry = attestation(yard.sample, REPOSITORY, subject, predicates=predicates, form=form)
    index(yard.sample, REPOSITORY, "1.0", children=[subject, entry])

    yard.sync()

    assert kinds() == {("PROVENANCE", "SLSA provenance 1.0"), ("SBOM", "SPDX 2.3")}
    assert Document.objects.get(kind="SBOM").subjects == str(subject)


def test_reads_what_cosign_attests_under_a_tag(yard):
    subject = yard.image()
    kind = "https://cyclonedx.org/bom"
    attest(
        yard.sample,
        REPOSITORY,
        subject,
        signer(),
        predicate_type=kind,
        predicate=papers.CYCLONEDX,
    )

    yard.sync()

    document = Document.objects.get()
    assert (document.kind, document.predicate_type) == ("SBOM", kind)
    assert document.signatures.count() == 1


def test_keeps_packages_once_for_all_images(yard):
    for name in ("library/a", "library/b"):
        subject = yard.image(name, layers=2 if name.endswith("a") else 3)
        attach(yard, subject, {**papers.SPDX, "name": name}, "application/spdx+json", name)

    yard.sync()

    assert Document.objects.count() == 2
    assert set(Package.objects.values_list("ecosystem", "name", "version")) == {
        ("deb", "openssl", "3.0.1-1ubuntu2"),
        ("", "zlib", "1.3.1"),
    }
    assert PackageUse.objects.count() == 4


def test_fetches_a_document_once_whichever_images_have_it(yard):
    for name in ("library/a", "library/b"):
        attach(yard, yard.image(name), papers.TRIVY, "application/json", name)

    yard.sync()
    yard.sync()

    assert Document.objects.count() == 1
    assert Finding.objects.count() == 2


def test_asks_the_registry_for_nothing_that_it_has_read(yard):
    attach(yard, yard.image(), papers.TRIVY, "application/json")
    yard.sync()
    seen = len(yard.sample.requests)

    yard.read()

    assert len(yard.sample.requests) == seen
    assert not unread(NOW)


def test_says_why_a_document_was_not_understood(yard):
    attach(yard, yard.image(), b"[" * 5000, "application/spdx+json")

    yard.sync()

    document = Document.objects.get()
    assert (document.state, document.kind) == ("FAILED", "UNKNOWN")
    assert "JSON" in document.words or "nested" in document.words


def test_reads_nothing_where_that_is_switched_off(yard, settings):
    settings.DOCUMENT_MEGABYTES = 0
    attach(yard, yard.image(), papers.SPDX, "application/spdx+json")

    yard.sync()

    assert not Document.objects.exists()


def test_leaves_what_is_too_large(yard, monkeypatch):
    monkeypatch.setattr(attached, "MAX_DOCUMENT_BYTES", 100)
    attach(yard, yard.image(), papers.SPDX, "application/spdx+json")

    yard.sync()

    assert Attached.objects.get().words == attached.TOO_LARGE
    assert not Document.objects.exists()


def test_takes_no_more_documents_than_it_may(yard, monkeypatch):
    monkeypatch.setattr(attached, "MAX_DOCUMENTS", 1)
    files = [("", "application/json", json.dumps(each).encode()) for each in (papers.TRIVY, {})]
    artifact(yard.sample, REPOSITORY, artifact_type="a/b", files=files, subject=yard.image())

    yard.sync()

    assert AttachedDocument.objects.count() == 1


def test_asks_for_nothing_that_the_manifest_itself_holds(yard):
    content = json.dumps(papers.TRIVY).encode()
    layer = {
        "mediaType": "application/json",
        "digest": str(Digest.of(content)),
        "size": len(content),
        "data": base64.b64encode(content).decode(),
    }
    described = {"mediaType": media_types.OCI_MANIFEST, "digest": str(yard.image()), "size": 1}
    push(
        yard.sample,
        REPOSITORY,
        "attached",
        {
            "schemaVersion": 2,
            "mediaType": media_types.OCI_MANIFEST,
            "artifactType": "a/b",
            "config": layer,
            "layers": [layer],
            "subject": described,
        },
    )

    yard.sync()

    assert kinds() == {("REPORT", "Trivy report")}


def test_tries_again_what_could_not_be_fetched(yard):
    subject = yard.image()
    missing = {
        "mediaType": "application/json",
        "digest": f"sha256:{'0' * 64}",
        "size": 5,
    }
    described = {"mediaType": media_types.OCI_MANIFEST, "digest": str(subject), "size": 1}
    push(
        yard.sample,
        REPOSITORY,
        "attached",
        {
            "schemaVersion": 2,
            "mediaType": media_types.OCI_MANIFEST,
            "artifactType": "a/b",
            "config": missing,
            "layers": [missing],
            "subject": described,
        },
    )

    yard.sync()

    row = Attached.objects.get()
    assert (row.state, row.tries) == ("FAILED", 1)
    assert row.words
    assert not unread(NOW)
    later = NOW + timedelta(minutes=10)
    assert [each.manifest_id for each in unread(later)] == [row.manifest_id]
    plan(later)
    work_off(Hands("worker", clock=lambda: later), now=later)
    row.refresh_from_db()
    assert row.tries == 2


def test_reads_the_same_bytes_alike_whatever_somebody_else_calls_them(yard):
    for name, media_type in (("evil/app", "application/cose"), ("library/app", "text/spdx+json")):
        attach(yard, yard.image(name), papers.SPDX, media_type, name)

    yard.sync()

    assert kinds() == {("SBOM", "SPDX 2.3")}


def test_says_why_only_where_it_was_tried(yard, client):
    subject = yard.image()
    attach(yard, subject, papers.SPDX, "application/spdx+json")
    yard.sync()
    Attached.objects.update(state="FAILED", words="secret/app is broken")
    address = f"/r/sample/{REPOSITORY}/-/manifests/{subject}/supply-chain/"

    here = client.get(address, {"format": "json"}).json()["errors"]
    Attached.objects.update(repository=None)
    elsewhere = client.get(address, {"format": "json"}).json()["errors"]

    assert here == ["secret/app is broken"]
    assert elsewhere == ["It could not be fetched where it was first found."]


def test_does_not_wait_for_each_document_of_a_registry_that_is_down(yard, monkeypatch):
    for number in range(3):
        subject = yard.image(f"library/app-{number}")
        attach(yard, subject, papers.SPDX, "application/json", f"library/app-{number}")
    crawl(yard.registry, connections.client_for(yard.registry), Terms())
    connections.close_clients()
    asked = []

    def refuse(request):
        asked.append(request)
        raise httpx.ConnectError("refused")

    connections.transports["sample"] = httpx.MockTransport(refuse)
    monkeypatch.setattr(working, "client_for", lambda row: client_for(row, limits=QUICK))

    yard.read()

    assert Attached.objects.count() == 1
    assert asked


def test_reads_in_the_foreground_where_no_worker_runs(yard, capsys):
    attach(yard, yard.image(), papers.SPDX, "application/json")
    crawl(yard.registry, connections.client_for(yard.registry), Terms())

    call_command("readattached")

    assert capsys.readouterr().out == "Attached manifests read: 1.\n"
    assert Document.objects.exists()


def test_forgets_documents_that_are_attached_to_nothing(yard):
    attach(yard, yard.image(), papers.SPDX, "application/json")
    yard.sync()
    AttachedDocument.objects.all().delete()

    look_at_all_again(NOW)

    assert not Document.objects.exists()
    assert not PackageUse.objects.exists()
    assert Progress.so_far() == 0


def test_counts_what_cosign_3_writes_as_a_signature(yard):
    bundle(yard.sample, REPOSITORY, yard.image(), signer())

    yard.sync()

    assert [row.kind for row in Referrer.objects.all()] == ["SIGNATURE"]


def test_goes_on_from_where_it_was(yard):
    attach(yard, yard.image(), papers.TRIVY, "application/json")
    yard.sync()

    assert Progress.so_far() == Referrer.objects.latest("pk").pk


def test_replaces_what_no_database_stores(yard):
    bad = json.dumps({**papers.TRIVY, "ArtifactName": "a\u0000\ud800"}).replace("HIGH", "\\u0000H")
    attach(yard, yard.image(), bad.encode(), "application/json")

    yard.sync()

    assert Finding.objects.filter(severity="\N{REPLACEMENT CHARACTER}h").exists()
