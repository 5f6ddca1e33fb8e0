"""Handlers of blob uploads: in one request, in chunks, or by mounting from another repository."""

import re

from registryui.oci.digest import Digest
from registryui.sample.content import Content
from registryui.sample.exchange import Answer, RefusalError
from registryui.sample.handling import Here, digest_from


def start_upload(here: Here) -> Answer:
    """Open an upload, or finish at once with `?mount=` or `?digest=` (end-4a, 4b and 11)."""
    mount, source = here.call.parameter("mount"), here.call.parameter("from")
    if mount and source:
        digest = digest_from(mount)
        content = here.store.blob(digest, repository=source)
        if content is not None:
            here.store.put_blob(here.name, digest, content)
            return _created(here, digest)
    if digest_text := here.call.parameter("digest"):
        return _keep(here, here.call.body(), digest_text)
    upload = here.uploads.start()
    return _progress(here, upload, size_bytes=0, status=202)


def upload_status(here: Here) -> Answer:
    upload, size_bytes = _open_upload(here)
    return _progress(here, upload, size_bytes=size_bytes, status=204)


def append_chunk(here: Here) -> Answer:
    upload, size_bytes = _open_upload(here)
    announced = re.match(r"(\d+)-(\d+)$", here.call.headers.get("content-range", ""))
    if announced and int(announced[1]) != size_bytes:
        raise RefusalError("RANGE_INVALID", "invalid content range")
    size_bytes = here.uploads.append(upload, here.call.body())
    return _progress(here, upload, size_bytes=size_bytes, status=202)


def finish_upload(here: Here) -> Answer:
    upload, _ = _open_upload(here)
    here.uploads.append(upload, here.call.body())
    return _keep(here, here.uploads.close(upload), here.call.parameter("digest") or "")


def cancel_upload(here: Here) -> Answer:
    upload, _ = _open_upload(here)
    here.uploads.close(upload)
    return Answer(204)


def _open_upload(here: Here) -> tuple[str, int]:
    upload = here.parts["upload"]
    size_bytes = here.uploads.size_bytes(upload)
    if size_bytes is None:
        raise RefusalError("BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry")
    return upload, size_bytes


def _keep(here: Here, content: bytes, digest_text: str) -> Answer:
    digest = digest_from(digest_text)
    if not digest.matches(content):
        raise RefusalError("DIGEST_INVALID", "provided digest did not match uploaded content")
    here.store.put_blob(here.name, digest, Content.of(content))
    return _created(here, digest)


def _created(here: Here, digest: Digest) -> Answer:
    location = ("Location", here.path(f"blobs/{digest}"))
    return Answer(201, [location, ("Docker-Content-Digest", str(digest))])


def _progress(here: Here, upload: str, *, size_bytes: int, status: int) -> Answer:
    headers = [
        ("Location", here.path(f"blobs/uploads/{upload}")),
        ("Docker-Upload-UUID", upload),
        ("Range", f"0-{max(0, size_bytes - 1)}"),
    ]
    return Answer(status, headers)
