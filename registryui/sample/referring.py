"""The handler of referrers: what signs, attests or describes a manifest (OCI 1.1, end-12)."""

import json

from registryui.oci import media_types
from registryui.sample.content import Content
from registryui.sample.exchange import Answer
from registryui.sample.handling import Here, digest_from
from registryui.sample.store import StoredManifest


def referrers(here: Here) -> Answer:
    """List the manifests whose subject is this digest, perhaps an empty one."""
    if not here.switches.has_referrers:
        return Answer.text("404 page not found\n", status=404)
    subject = digest_from(here.parts["digest"])
    found = [describe(manifest) for manifest in here.repository().referrers(subject)]
    headers = [("Content-Type", media_types.OCI_INDEX)]
    wanted = here.call.parameter("artifactType")
    if wanted and here.switches.filters_referrers:
        found = [descriptor for descriptor in found if descriptor["artifactType"] == wanted]
        headers.append(("OCI-Filters-Applied", "artifactType"))
    document = {"schemaVersion": 2, "mediaType": media_types.OCI_INDEX, "manifests": found}
    return Answer(200, headers, Content.of(json.dumps(document).encode()))


def describe(manifest: StoredManifest) -> dict[str, object]:
    """Describe a referrer: an artifact without a type has that of its config."""
    document = manifest.document()
    config = document.get("config")
    config_type = config.get("mediaType", "") if isinstance(config, dict) else ""
    descriptor: dict[str, object] = {
        "mediaType": manifest.media_type,
        "digest": str(manifest.digest),
        "size": len(manifest.content),
        "artifactType": document.get("artifactType") or config_type,
    }
    if annotations := document.get("annotations"):
        descriptor["annotations"] = annotations
    return descriptor
