"""What else there is of a manifest: a Dockerfile, what is in a chart, an artifact's blobs."""

import re

from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from registryui.accounts.doors import counts_as_reading
from registryui.accounts.http import AccessRequest
from registryui.audit.api import Action
from registryui.catalog.models import Manifest, Repository
from registryui.catalog.views.manifests import manifest_or_404
from registryui.catalog.views.tags import repository_or_404
from registryui.contents.asking import BLOB_ITSELF, Wanted
from registryui.contents.doors import for_readers_of_files
from registryui.contents.images import ImageLayer, image_of
from registryui.contents.pages.blob import AWAY, BlobPage, name_of, parts_of_blob, state_of
from registryui.contents.pages.chart import ChartPage
from registryui.contents.pages.chart_files import ChartFiles, chart_layer
from registryui.contents.pages.dockerfile import DockerfilePage
from registryui.contents.pages.image_files import files_url
from registryui.contents.views import ask, harmless, record_look
from registryui.oci.manifest import Kind
from registryui.web.rendering import render_page

UNIT = "bytes"
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


@require_safe
def dockerfile(request: AccessRequest, registry: str, name: str, digest: str) -> HttpResponse:
    """Show an image's history as a Dockerfile, as far as it allows."""
    repository = repository_or_404(request.access, registry, name)
    row = manifest_or_404(repository, digest)
    page = DockerfilePage.build(repository, row, access=request.access)
    return render_page(request, "contents/dockerfile.html", page)


@counts_as_reading
@require_http_methods(["GET", "HEAD", "POST"])
@for_readers_of_files
def chart(request: AccessRequest, repository: Repository, digest: str) -> HttpResponse:
    """Show what is in a Helm chart; by POST have it read."""
    row = manifest_or_404(repository, digest)
    layer = chart_layer(row)
    if row.kind != Kind.CHART or layer is None:
        raise Http404
    busy_url = ""
    if request.method == "POST":
        path = ChartFiles.of(layer, repository).path_away
        wanted = Wanted(repository, row, (layer,), layer=layer.digest, path=path)
        answer = ask(request, wanted, address=request.path)
        if isinstance(answer, HttpResponse):
            return answer
        busy_url = files_url(answer.repository, answer.manifest)
    page = ChartPage.build(repository, row, layer, busy_url=busy_url)
    status = 409 if busy_url else 200
    return render_page(request, "contents/chart.html", page, partial="in-chart", status=status)


@counts_as_reading
@require_http_methods(["GET", "HEAD", "POST"])
@for_readers_of_files
def blob(request: AccessRequest, repository: Repository, digest: str, blob: str) -> HttpResponse:
    """Show one blob of an artifact; by POST have it fetched."""
    row, layer = _blob_or_404(repository, digest, blob)
    busy_url = ""
    if request.method == "POST" and state_of(layer, repository) == AWAY:
        wanted = Wanted(repository, row, (layer,), layer=layer.digest, path=BLOB_ITSELF)
        answer = ask(request, wanted, address=request.path)
        if isinstance(answer, HttpResponse):
            return answer
        busy_url = files_url(answer.repository, answer.manifest)
    page = BlobPage.build(repository, row, layer, busy_url=busy_url)
    status = 409 if busy_url else 200
    return render_page(request, "contents/blob.html", page, partial="blob-bytes", status=status)


@require_safe
@for_readers_of_files
def blob_download(
    request: AccessRequest, repository: Repository, digest: str, blob: str
) -> HttpResponseBase:
    """Give a blob's bytes as a file, or the part of them that is asked for."""
    row, layer = _blob_or_404(repository, digest, blob)
    size = layer.descriptor.size_bytes
    wanted = range_of(request.headers.get("range", ""), size)
    if wanted is None:
        return HttpResponse(status=416, headers={"Content-Range": f"{UNIT} */{size}"})
    first, end = wanted
    parts = parts_of_blob(layer, repository, first, end - first)
    if parts is None:
        raise Http404
    if first == 0 and request.method == "GET":
        record_look(request, Action.FILE_DOWNLOAD, repository, row, name_of(layer))
    is_part = (first, end) != (0, size)
    response = StreamingHttpResponse(
        parts,
        status=206 if is_part else 200,
        content_type="application/octet-stream",
        headers={"Content-Range": f"{UNIT} {first}-{end - 1}/{size}"} if is_part else {},
    )
    response["Accept-Ranges"] = "bytes"
    response["Content-Length"] = str(end - first)
    response["Content-Disposition"] = content_disposition_header(True, name_of(layer)) or ""
    return harmless(response)


def range_of(header: str, size: int) -> tuple[int, int] | None:
    """Return where the part that a Range header wants begins and ends; None if it is nowhere.

    Of what is not understood, and of several parts, all is given (RFC 9110, section 14.2).
    """
    found = _RANGE.fullmatch(header)
    if not found or not (found[1] or found[2]):
        return 0, size
    if not found[1]:
        first, end = max(size - int(found[2]), 0), size
    else:
        first, end = int(found[1]), min(int(found[2] or size) + 1, size)
        if found[2] and int(found[2]) < first:
            return 0, size
    return (first, end) if first < end else None


def _blob_or_404(
    repository: Repository, digest: str, blob_digest: str
) -> tuple[Manifest, ImageLayer]:
    row = manifest_or_404(repository, digest)
    layer = image_of(row).layer(str(blob_digest))
    if layer is None:
        raise Http404
    return row, layer
