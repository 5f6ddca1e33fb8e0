"""The handler of deletions, with what other registries do differently."""

from registryui.oci.digest import Digest
from registryui.sample.exchange import Answer, RefusalError
from registryui.sample.handling import Here, digest_from, looks_like_digest
from registryui.sample.store import StoredRepository
from registryui.sample.switches import Switches


def delete_manifest(here: Here) -> Answer:
    """Remove a manifest with all its tags, or one tag of it."""
    reference = here.parts["reference"]
    is_tag = not looks_like_digest(reference)
    _check_offered(here.switches, is_tag=is_tag)
    repository = here.store.repository(here.name)
    manifest = repository and repository.find(reference if is_tag else digest_from(reference))
    if not repository or not manifest:
        raise RefusalError("MANIFEST_UNKNOWN", "manifest unknown")
    _check_mutable(here.switches, repository, reference, manifest.digest)
    if not is_tag:
        _check_unreferenced(here.switches, repository, manifest.digest)
    if here.switches.deletes_really:
        _remove(repository, reference if is_tag else manifest.digest)
    return _done(here.switches)


def _check_offered(switches: Switches, *, is_tag: bool) -> None:
    is_overlooked = is_tag and switches.always_deletes_tags
    if not switches.delete_enabled and not is_overlooked:
        raise RefusalError("UNSUPPORTED", "The operation is unsupported.")
    if is_tag and not switches.deletes_tags:
        raise RefusalError("DIGEST_INVALID", "provided digest did not match uploaded content")


def _check_mutable(
    switches: Switches, repository: StoredRepository, reference: str, digest: Digest
) -> None:
    tags = {tag for tag, target in repository.tags().items() if target == digest}
    lost = tags if looks_like_digest(reference) else {reference}
    if lost & switches.immutable_tags:
        raise RefusalError("TAG_IMMUTABLE", "tag is immutable")


def _check_unreferenced(switches: Switches, repository: StoredRepository, digest: Digest) -> None:
    is_tagged = digest in repository.tags().values()
    if switches.keeps == "tagged" and is_tagged:
        message = "Manifest is still referenced by tag"
        raise RefusalError("GOOGLE_MANIFEST_DANGLING_TAG", message)
    if switches.keeps == "indexed" and repository.is_indexed(digest):
        raise RefusalError("DENIED", "manifest is referenced by an image index", status=405)
    if switches.keeps == "referenced" and (is_tagged or repository.is_indexed(digest)):
        raise RefusalError("DENIED", "manifest is still referenced")


def _remove(repository: StoredRepository, target: str | Digest) -> None:
    if isinstance(target, Digest):
        repository.remove(target)
    else:
        repository.untag(target)


def _done(switches: Switches) -> Answer:
    status = switches.delete_status or 202
    if status < 300:
        return Answer(status)
    return RefusalError("UNKNOWN", "made to fail", status=status).answer()
