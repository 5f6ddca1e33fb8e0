"""Handlers of blobs: whole or in ranges, from here or by a redirect to a storage, and deletion."""

import re

from registryui.oci.digest import Digest
from registryui.sample.content import Content
from registryui.sample.exchange import Answer, Call, RefusalError
from registryui.sample.handling import Here, digest_from
from registryui.sample.store import Store


def get_blob(here: Here) -> Answer:
    digest, content = _stored_blob(here)
    if here.switches.blob_redirect:
        target = f"{here.switches.blob_redirect}/storage/{digest}?signature=made-up"
        return Answer(307, [("Location", target)])
    if here.switches.wrong_digest == "body":
        content = Content.of(content.read()[:-1] + b"?")
    headers = [
        ("Content-Type", "application/octet-stream"),
        ("Docker-Content-Digest", str(digest)),
        ("Etag", f'"{digest}"'),
        ("Cache-Control", "max-age=31536000"),
        ("Accept-Ranges", "bytes"),
    ]
    return in_range(Answer(200, headers, content), here.call)


def delete_blob(here: Here) -> Answer:
    if not here.switches.delete_enabled:
        raise RefusalError("UNSUPPORTED", "The operation is unsupported.")
    digest, _ = _stored_blob(here)
    here.repository().blobs.discard(digest)
    return Answer(202, [("Docker-Content-Digest", str(digest))])


def from_storage(store: Store, call: Call) -> Answer:
    """Answer as the storage behind a registry, which takes a signed address and nothing else.

    S3 refuses a request that also has an Authorization header: "Only one auth mechanism allowed".
    """
    if "authorization" in call.headers:
        return Answer.text("<Error><Code>InvalidArgument</Code></Error>", status=400)
    content = store.blob(digest_from(call.path.removeprefix("/storage/")))
    if content is None:
        return Answer.text("<Error><Code>NoSuchKey</Code></Error>", status=404)
    return in_range(Answer(200, [("Content-Type", "application/octet-stream")], content), call)


def in_range(answer: Answer, call: Call) -> Answer:
    """Cut out the part that a `Range` header with one range asks for; other headers are ignored."""
    wanted = re.fullmatch(r"bytes=(\d*)-(\d*)", call.headers.get("range", ""))
    if wanted is None or wanted[0] == "bytes=-":
        return answer
    size_bytes = answer.body.size_bytes
    start, stop = _bounds(wanted[1], wanted[2], size_bytes)
    if start >= stop:
        raise RefusalError("RANGE_INVALID", "invalid content range")
    headers = [*answer.headers, ("Content-Range", f"bytes {start}-{stop - 1}/{size_bytes}")]
    return Answer(206, headers, answer.body.part(start, stop))


def _bounds(first: str, last: str, size_bytes: int) -> tuple[int, int]:
    if not first:
        return max(0, size_bytes - int(last)), size_bytes
    return int(first), min(int(last) + 1, size_bytes) if last else size_bytes


def _stored_blob(here: Here) -> tuple[Digest, Content]:
    digest = digest_from(here.parts["digest"])
    content = here.store.blob(digest, repository=here.name)
    if content is None:
        raise RefusalError("BLOB_UNKNOWN", "blob unknown to registry", detail=str(digest))
    return digest, content
