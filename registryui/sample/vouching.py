"""Builds what is no image: artifacts, and what vouches for another manifest."""

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Literal

from registryui.oci import annotations as keys
from registryui.oci import media_types
from registryui.oci.digest import Digest
from registryui.sample.placing import Document, compact, descriptor, push, push_blob
from registryui.sample.referring import describe
from registryui.sample.registry import SampleRegistry

EMPTY = b"{}"
IN_TOTO_STATEMENT = "https://in-toto.io/Statement/v1"
UNKNOWN_PLATFORM = {"architecture": "unknown", "os": "unknown"}


def artifact(
    registry: SampleRegistry,
    repository: str,
    tag: str | None = None,
    *,
    artifact_type: str = "",
    files: Sequence[tuple[str, str, bytes]] = (),
    config: tuple[str, bytes] = (media_types.EMPTY_JSON, EMPTY),
    subject: Digest | None = None,
    annotations: Mapping[str, str] | None = None,
) -> Digest:
    """Push an OCI artifact and return its digest.

    `files` are (title, media type, content); `config` is (media type, content). With a `subject`
    it is a referrer of that manifest, which need not exist.
    """
    layers = []
    for title, media_type, content in files or [("", media_types.EMPTY_JSON, EMPTY)]:
        described = push_blob(registry, repository, content, media_type)
        layers.append({**described, "annotations": {keys.TITLE: title}} if title else described)
    manifest: dict[str, object] = {
        "schemaVersion": 2,
        "mediaType": media_types.OCI_MANIFEST,
        **({"artifactType": artifact_type} if artifact_type else {}),
        "config": push_blob(registry, repository, config[1], config[0]),
        "layers": layers,
    }
    if subject:
        manifest["subject"] = _subject(registry, repository, subject)
    if annotations:
        manifest["annotations"] = dict(annotations)
    return push(registry, repository, tag, manifest)


def signature(registry: SampleRegistry, repository: str, subject: Digest) -> Digest:
    """Sign as cosign 2 does: an image of a claim, tagged `sha256-HEX.sig`. Nobody's key made it."""
    claim = {
        "critical": {
            "identity": {"docker-reference": f"registry.example/{repository}"},
            "image": {"docker-manifest-digest": str(subject)},
            "type": "cosign container image signature",
        },
        "optional": None,
    }
    payload = compact(claim)
    described = push_blob(registry, repository, payload, media_types.COSIGN_SIMPLE_SIGNING)
    made_up = base64.b64encode(bytes.fromhex(Digest.of(payload).encoded * 2)).decode()
    config = {"architecture": "", "created": "0001-01-01T00:00:00Z", "os": "", "config": {}}
    manifest = {
        "schemaVersion": 2,
        "mediaType": media_types.OCI_MANIFEST,
        "config": push_blob(registry, repository, compact(config), media_types.OCI_CONFIG),
        "layers": [{**described, "annotations": {"dev.cosignproject.cosign/signature": made_up}}],
    }
    return push(registry, repository, f"{subject.algorithm}-{subject.encoded}.sig", manifest)


def attestation(
    registry: SampleRegistry,
    repository: str,
    subject: Digest,
    *,
    predicates: Mapping[str, object],
    form: Literal["image", "artifact"] = "image",
) -> dict[str, object]:
    """Attest as BuildKit does and return the entry for the index beside the subject's own.

    `predicates` are documents by predicate type. The old form looks like an image of the platform
    unknown/unknown; the new one is an OCI artifact with a subject.
    """
    layers = [
        _statement(registry, repository, subject, kind, predicate)
        for kind, predicate in predicates.items()
    ]
    diff_ids = [described["digest"] for described in layers]
    config: Document = {
        **UNKNOWN_PLATFORM,
        "config": {},
        "rootfs": {"type": "layers", "diff_ids": diff_ids},
    }
    manifest: dict[str, object] = {"schemaVersion": 2, "mediaType": media_types.OCI_MANIFEST}
    if form == "artifact":
        manifest["artifactType"] = media_types.DOCKER_ATTESTATION
        manifest["config"] = push_blob(registry, repository, EMPTY, media_types.EMPTY_JSON)
        manifest["subject"] = _subject(registry, repository, subject)
    else:
        manifest["config"] = push_blob(
            registry, repository, compact(config), media_types.OCI_CONFIG
        )
    digest = push(registry, repository, None, {**manifest, "layers": layers})
    return {
        **descriptor(registry, repository, digest),
        "annotations": {
            keys.BUILDKIT_REFERENCE_DIGEST: str(subject),
            keys.BUILDKIT_REFERENCE_TYPE: "attestation-manifest",
        },
        "platform": UNKNOWN_PLATFORM,
    }


def tag_referrers(registry: SampleRegistry, repository: str, subject: Digest) -> Digest:
    """Tag the index of a subject's referrers, for registries without the referrers API."""
    found = registry.store.open(repository).referrers(subject)
    document = {
        "schemaVersion": 2,
        "mediaType": media_types.OCI_INDEX,
        "manifests": [describe(manifest) for manifest in found],
    }
    return push(registry, repository, f"{subject.algorithm}-{subject.encoded[:64]}", document)


def _statement(
    registry: SampleRegistry, repository: str, subject: Digest, kind: str, predicate: object
) -> dict[str, object]:
    statement = {
        "_type": IN_TOTO_STATEMENT,
        "predicateType": kind,
        "subject": [{"name": repository, "digest": {subject.algorithm: subject.encoded}}],
        "predicate": predicate,
    }
    content = json.dumps(statement, indent=2).encode()
    described = push_blob(registry, repository, content, media_types.IN_TOTO)
    return {**described, "annotations": {keys.PREDICATE_TYPE: kind}}


def _subject(registry: SampleRegistry, repository: str, subject: Digest) -> dict[str, object]:
    """Describe a subject; of one that is not here, the size is a guess of 0."""
    manifest = registry.store.open(repository).find(subject)
    return {
        "mediaType": manifest.media_type if manifest else media_types.OCI_MANIFEST,
        "digest": str(subject),
        "size": len(manifest.content) if manifest else 0,
    }
