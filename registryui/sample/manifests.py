"""Handlers of manifests: by tag or by digest, with distribution's strictness about Accept."""

from collections.abc import Iterator

from registryui.oci import media_types
from registryui.oci.digest import Digest
from registryui.oci.errors import OciError
from registryui.oci.manifest import Manifest, parse_manifest
from registryui.sample.content import Content
from registryui.sample.exchange import Answer, RefusalError
from registryui.sample.handling import Here, digest_from, looks_like_digest
from registryui.sample.store import StoredManifest, StoredRepository

# distribution 2.8 and 3.x serve these only to who names them; "*/*" is not enough.
NEEDS_ACCEPT = {
    media_types.OCI_MANIFEST: "OCI manifest",
    media_types.OCI_INDEX: "OCI index",
}
MAX_PUSHED_BYTES = 4 << 20  # distribution's limit of a manifest


def get_manifest(here: Here) -> Answer:
    if here.call.method == "HEAD" and not here.switches.has_head:
        raise RefusalError("MANIFEST_UNKNOWN", "manifest unknown")
    manifest = _stored_manifest(here)
    _check_accept(here, manifest)
    if _is_known(here, manifest):
        return Answer(304, [("Etag", f'"{manifest.digest}"')])
    content = manifest.content
    if here.switches.wrong_digest == "body":
        content = content.rstrip() + b"\n\n"
    return Answer(200, list(_headers(here, manifest)), Content.of(content))


def put_manifest(here: Here) -> Answer:
    content = here.call.body()
    repository = here.store.open(here.name)
    parsed = _check_pushed(here, repository, content)
    reference = here.parts["reference"]
    digest = digest_from(reference) if looks_like_digest(reference) else parsed.digest
    if digest != parsed.digest and not digest.matches(content):
        raise RefusalError("DIGEST_INVALID", "provided digest did not match uploaded content")
    _check_may_move(here, repository, reference, digest)
    media_type = media_types.strip_parameters(here.call.headers.get("content-type", ""))
    manifest = StoredManifest(digest, content, media_type or parsed.media_type)
    repository.put(manifest, None if looks_like_digest(reference) else reference)
    headers = [
        ("Location", here.path(f"manifests/{digest}")),
        ("Docker-Content-Digest", str(digest)),
    ]
    if here.switches.has_referrers and (subject := manifest.subject()):
        headers.append(("OCI-Subject", str(subject)))
    return Answer(201, headers)


def _stored_manifest(here: Here) -> StoredManifest:
    reference = here.parts["reference"]
    wanted = digest_from(reference) if looks_like_digest(reference) else reference
    manifest = here.repository().find(wanted)
    if manifest is None:
        detail = {"name": here.name, "reference": reference}
        raise RefusalError("MANIFEST_UNKNOWN", "manifest unknown", detail=detail)
    return manifest


def _check_may_move(
    here: Here, repository: StoredRepository, reference: str, digest: Digest
) -> None:
    is_elsewhere = repository.tags().get(reference, digest) != digest
    if is_elsewhere and reference in here.switches.immutable_tags:
        raise RefusalError("TAG_IMMUTABLE", "tag is immutable")


def _check_accept(here: Here, manifest: StoredManifest) -> None:
    accepted = {
        media_types.strip_parameters(value)
        for value in here.call.headers.get("accept", "").split(",")
    }
    if manifest.media_type in NEEDS_ACCEPT and manifest.media_type not in accepted:
        found = NEEDS_ACCEPT[manifest.media_type]
        message = f"{found} found, but accept header does not support {found}s"
        raise RefusalError("MANIFEST_UNKNOWN", message)


def _is_known(here: Here, manifest: StoredManifest) -> bool:
    known = here.call.headers.get("if-none-match", "").strip('"')
    return here.switches.has_etags and known == str(manifest.digest)


def _headers(here: Here, manifest: StoredManifest) -> Iterator[tuple[str, str]]:
    yield "Content-Type", here.switches.manifest_type or manifest.media_type
    lies = here.switches.wrong_digest == "header"
    digest = Digest.of(b"another manifest") if lies else manifest.digest
    if not here.switches.no_digest_header:
        yield "Docker-Content-Digest", str(digest)
    if here.switches.has_etags:
        yield "Etag", f'"{digest}"'


def _check_pushed(here: Here, repository: StoredRepository, content: bytes) -> Manifest:
    """Refuse what distribution refuses: oversize, no manifest, or parts that are not here."""
    if len(content) > MAX_PUSHED_BYTES:
        raise RefusalError("MANIFEST_INVALID", "http: request body too large")
    try:
        manifest = parse_manifest(content, content_type=here.call.headers.get("content-type", ""))
    except OciError as error:
        raise RefusalError("MANIFEST_INVALID", "manifest invalid") from error
    blobs = {part.digest for part in manifest.stored_layers}
    blobs |= {manifest.config.digest} if manifest.config else set()
    children = {child.digest for child in manifest.children if not repository.find(child.digest)}
    # BuildKit's older cache is an index whose entries are blobs.
    for missing in sorted((blobs | children) - repository.blobs):
        message = "blob unknown to registry"
        raise RefusalError("MANIFEST_BLOB_UNKNOWN", message, detail=str(missing))
    return manifest
