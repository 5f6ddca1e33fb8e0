"""Signatures and documents come through Debian's docker-registry as they were pushed."""

import json
from pathlib import Path

import pytest

from registryui import connections
from registryui.declarations import Declaration
from registryui.distribution.client import RegistryClient
from registryui.distribution.endpoint import Endpoint
from registryui.distribution.writer import RegistryWriter
from registryui.oci import media_types
from registryui.oci.digest import Digest
from registryui.sample.builder import artifact, attestation, image, index, tag_referrers
from registryui.sample.registry import SampleRegistry
from registryui.supplychain.models import Document
from registryui.sync.declare import declare_registries
from tests.real.processes import docker_registry
from tests.supplychain import papers
from tests.supplychain.conftest import REPOSITORY, Yard, trust
from tests.supplychain.signing import Signer, bundle, claim, cosign, signer
from tests.supplychain.test_verifying import page

pytestmark = pytest.mark.real


def copy(sample: SampleRegistry, url: str) -> None:
    """Push all that the repository of a sample registry holds; indexes after what they list."""
    stored = sample.store.open(REPOSITORY)
    found = [manifest for digest in stored.manifests() if (manifest := stored.find(digest))]
    with RegistryClient(Endpoint(url)) as client:
        writer = RegistryWriter(client)
        for digest in stored.blobs:
            content = sample.store.blob(digest)
            assert content is not None
            writer.upload_blob(REPOSITORY, content.read())
        for manifest in sorted(found, key=lambda each: each.media_type == media_types.OCI_INDEX):
            writer.put_manifest(REPOSITORY, manifest.digest, manifest.content, manifest.media_type)
        for tag, digest in stored.tags().items():
            tagged = stored.find(digest)
            assert tagged is not None
            writer.put_manifest(REPOSITORY, tag, tagged.content, tagged.media_type)


@pytest.fixture
def real(yard: Yard, tmp_path: Path, settings):
    """Return what syncs a docker-registry that holds what the yard's registry does."""
    with docker_registry(tmp_path / "registry") as server:

        def sync() -> None:
            copy(yard.sample, server.url)
            connections.close_clients()
            connections.transports.clear()
            settings.REGISTRIES = (Declaration(slug="sample", url=server.url),)
            declare_registries(settings.REGISTRIES)
            yard.sync()

        yield sync


def sign_in_every_way(sample: SampleRegistry, by: Signer) -> dict[str, Digest]:
    """Make an image for each thing that can be true of a signature."""
    kinds = ("valid", "foreign", "tampered", "other", "bundle", "bundle tampered")
    images = {
        kind: image(sample, REPOSITORY, f"v{number}", layers=number + 1)
        for number, kind in enumerate(kinds)
    }
    cosign(sample, REPOSITORY, images["valid"], by)
    cosign(sample, REPOSITORY, images["foreign"], signer())
    changed = claim(images["tampered"], "changed/since")
    signed = claim(images["tampered"], REPOSITORY)
    cosign(sample, REPOSITORY, images["tampered"], by, payload=changed, signed=signed)
    cosign(sample, REPOSITORY, images["other"], by, payload=claim(images["valid"], REPOSITORY))
    bundle(sample, REPOSITORY, images["bundle"], by)
    bundle(sample, REPOSITORY, images["bundle tampered"], by, tampered=True)
    for kind in ("bundle", "bundle tampered"):
        tag_referrers(sample, REPOSITORY, images[kind])
    return images


def test_tells_signatures_apart(yard, real, client):
    by = signer()
    images = sign_in_every_way(yard.sample, by)
    trust(by.public_pem)

    real()

    verdicts = {
        kind: [row["verdict"] for row in page(yard, client, digest)["signatures"]]
        for kind, digest in images.items()
    }
    assert verdicts == {
        "valid": ["SIGNED"],
        "foreign": ["UNKNOWN_KEY"],
        "tampered": ["UNKNOWN_KEY"],
        "other": ["BROKEN"],
        "bundle": ["SIGNED"],
        "bundle tampered": ["BROKEN"],
    }


def test_reads_what_is_attached_in_every_form(yard, real):
    subject = yard.image(tag=None)
    kind = "https://slsa.dev/provenance/v1"
    entry = attestation(yard.sample, REPOSITORY, subject, predicates={kind: papers.SLSA})
    tagged = index(yard.sample, REPOSITORY, "1.0", children=[subject, entry])
    for name in ("SPDX", "TRIVY", "OPENVEX"):
        content = json.dumps(getattr(papers, name)).encode()
        files = [("", "application/json", content)]
        artifact(
            yard.sample, REPOSITORY, artifact_type="application/json", files=files, subject=tagged
        )
    tag_referrers(yard.sample, REPOSITORY, tagged)

    real()

    kinds = set(Document.objects.values_list("kind", flat=True))
    assert kinds == {"PROVENANCE", "SBOM", "REPORT", "VEX"}
