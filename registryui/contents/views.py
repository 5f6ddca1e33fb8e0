"""The files of images and layers: listed, searched, opened and downloaded."""

from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from registryui.accounts.doors import counts_as_reading, for_the_signed_in
from registryui.accounts.http import AccessRequest
from registryui.audit.access import actor_of
from registryui.audit.api import Action, record
from registryui.catalog.models import Manifest, Repository
from registryui.catalog.views.manifests import manifest_or_404
from registryui.contents.asking import BusyError, Wanted, ask_for_reading
from registryui.contents.copies import Parts
from registryui.contents.doors import for_readers_of_files
from registryui.contents.holding import listing_in, tree_in
from registryui.contents.images import ImageLayer, image_of, manifest_with_layer
from registryui.contents.models import Reading
from registryui.contents.opening import MOST_SHOWN, Place, parts_of, place_of, text_of
from registryui.contents.pages.file_images import FileImagesPage
from registryui.contents.pages.image_file import AWAY, UNREADABLE, ImageFilePage
from registryui.contents.pages.image_files import ImageFilesPage, files_url
from registryui.contents.pages.image_packages import (
    ImagePackagesPage,
    csv_of,
    installed_in,
    matching,
    packages_url,
)
from registryui.contents.pages.layer_files import LayerFilesPage
from registryui.contents.pages.reading import ReadingPart
from registryui.contents.pages.waste import WastePage
from registryui.contents.reading.entry import plain_path
from registryui.contents.storing import row_at
from registryui.oci.digest import Digest
from registryui.web.exporting import attachment
from registryui.web.http import see_other
from registryui.web.query import text_in
from registryui.web.rendering import render_page, wants_partial

# What a file of an image may do in a browser: nothing.
SANDBOX = "sandbox; default-src 'none'"


@counts_as_reading
@require_http_methods(["GET", "HEAD", "POST"])
@for_readers_of_files
def image_files(request: AccessRequest, repository: Repository, digest: str) -> HttpResponse:
    """Show what a container would see; by POST have the layers read."""
    row = manifest_or_404(repository, digest)
    busy = _read_all(request, repository, row, address=files_url(repository, row))
    if isinstance(busy, HttpResponse):
        return busy
    page = ImageFilesPage.build(repository, row, request.GET, busy=busy)
    return _listed(request, "contents/image_files.html", page, is_busy=busy is not None)


@counts_as_reading
@require_http_methods(["GET", "HEAD", "POST"])
@for_readers_of_files
def image_packages(request: AccessRequest, repository: Repository, digest: str) -> HttpResponse:
    """Show what the databases of distributions in an image list; by POST have the layers read."""
    row = manifest_or_404(repository, digest)
    busy = _read_all(request, repository, row, address=packages_url(repository, row))
    if isinstance(busy, HttpResponse):
        return busy
    page = ImagePackagesPage.build(repository, row, request.GET, busy=busy)
    template, status = "contents/image_packages.html", 409 if busy else 200
    return render_page(request, template, page, partial="packages", status=status)


@require_safe
@for_readers_of_files
def image_packages_csv(
    request: AccessRequest, repository: Repository, digest: str
) -> HttpResponseBase:
    """Give the packages that the page lists as a file."""
    row = manifest_or_404(repository, digest)
    installed = installed_in(repository, row)
    if installed is None:
        raise Http404
    found = matching(installed, text_in(request.GET, "q", most=200))
    return attachment(csv_of(found), f"packages-{Digest.parse(digest).short}.csv")


@require_safe
@for_the_signed_in
def file_images(request: AccessRequest) -> HttpResponse:
    """Show which images have a file, as far as one may look into them."""
    page = FileImagesPage.build(request.GET, request.access)
    return render_page(request, "contents/file_images.html", page, partial="user-table")


@require_safe
@for_readers_of_files
def image_waste(request: AccessRequest, repository: Repository, digest: str) -> HttpResponse:
    """Show what is wasted in an image."""
    row = manifest_or_404(repository, digest)
    return render_page(request, "contents/waste.html", WastePage.build(repository, row))


@counts_as_reading
@require_http_methods(["GET", "HEAD", "POST"])
@for_readers_of_files
def layer_files(request: AccessRequest, repository: Repository, digest: str) -> HttpResponse:
    """Show what one layer adds and deletes; by POST have it read."""
    row = manifest_with_layer(repository, digest)
    layer = image_of(row).layer(digest) if row else None
    if row is None or layer is None:
        raise Http404
    busy_url = ""
    if request.method == "POST" and not layer.obstacle:
        wanted = Wanted(repository, row, (layer,), layer=digest)
        answer = ask(request, wanted, address=request.path)
        if isinstance(answer, HttpResponse):
            return answer
        busy_url = files_url(answer.repository, answer.manifest)
    page = LayerFilesPage.build(repository, row, layer, request.GET, busy_url=busy_url)
    return _listed(request, "contents/layer_files.html", page, is_busy=bool(busy_url))


@counts_as_reading
@require_http_methods(["GET", "HEAD", "POST"])
@for_readers_of_files
def image_file(request: AccessRequest, repository: Repository, digest: str) -> HttpResponse:
    """Show one file; by POST have it fetched."""
    row = manifest_or_404(repository, digest)
    layer, place, query = _place_or_404(repository, row, request.GET)
    busy_url = ""
    if request.method == "POST":
        wanted = Wanted(repository, row, (layer,), layer=layer.digest, path=place.row.path)
        answer = ask(request, wanted, address=request.get_full_path())
        if isinstance(answer, HttpResponse):
            return answer
        busy_url = files_url(answer.repository, answer.manifest)
    page = ImageFilePage.build(repository, row, layer, place, query=query, busy_url=busy_url)
    if page.state not in (AWAY, UNREADABLE) and not wants_partial(request):
        record_look(request, Action.FILE_OPEN, repository, row, place.row.path)
    status = 409 if busy_url else 200
    response = render_page(
        request, "contents/image_file.html", page, partial="opened-file", status=status
    )
    return _whole_once_read(request, response, "opened-file", page.reading)


@require_safe
@for_readers_of_files
def image_file_download(
    request: AccessRequest, repository: Repository, digest: str
) -> HttpResponseBase:
    """Give a file's bytes as a file, or with ``raw=1`` a small text as bare text."""
    row = manifest_or_404(repository, digest)
    _layer, place, _query = _place_or_404(repository, row, request.GET)
    parts = parts_of(place) if place.row.is_file_with_bytes else None
    if parts is None:
        raise Http404
    record_look(request, Action.FILE_DOWNLOAD, repository, row, place.row.path)
    if request.GET.get("raw") == "1" and place.row.size <= MOST_SHOWN:
        content = b"".join(parts)
        if text_of(content) is not None:
            return harmless(HttpResponse(content, content_type="text/plain; charset=utf-8"))
        parts = Parts(iter((content,)))
    response = StreamingHttpResponse(parts, content_type="application/octet-stream")
    response["Content-Length"] = str(place.row.size)
    response["Content-Disposition"] = content_disposition_header(True, place.row.name) or ""
    return harmless(response)


def harmless(response: HttpResponseBase) -> HttpResponseBase:
    """Let an answer do nothing in a browser."""
    response["Content-Security-Policy"] = SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _place_or_404(
    repository: Repository, row: Manifest, query: QueryDict
) -> tuple[ImageLayer, Place, dict[str, str]]:
    """Return the file of the address, in the layer that it names or that shows it."""
    image = image_of(row)
    path = plain_path(query.get("path", "").replace("\0", "")) or ""
    number, asked = query.get("layer", ""), {"path": path}
    if number.isdecimal() and 0 < int(number[:9]) <= len(image.layers):
        at, asked = int(number) - 1, asked | {"layer": number}
    else:
        tree = tree_in(repository, image)
        shown = row_at(tree, path) if tree else None
        if shown is None:
            raise Http404
        at = shown.layer
    layer = image.layers[at]
    listing = listing_in(repository, layer.digest)
    place = place_of(listing, path) if listing else None
    if place is None or place.row.is_directory:
        raise Http404
    return layer, place, asked


def _read_all(
    request: AccessRequest, repository: Repository, row: Manifest, *, address: str
) -> HttpResponse | Reading | None:
    """By POST ask that an image's layers be read; None for those who only look."""
    if request.method != "POST":
        return None
    layers = image_of(row).unread(repository) or image_of(row).readable
    return ask(request, Wanted(repository, row, layers), address=address)


def ask(request: AccessRequest, wanted: Wanted, *, address: str) -> HttpResponse | Reading:
    """Ask for a reading and lead to the page that shows it; return the one that is in the way."""
    user_id = request.access.user_id
    if not wanted.layers or user_id is None:
        raise Http404
    try:
        ask_for_reading(wanted, user_id=user_id, now=timezone.now())
    except BusyError as error:
        return error.reading
    subject = wanted.path or wanted.layer
    record_look(request, Action.FILES_READ, wanted.repository, wanted.manifest, subject)
    return see_other(address)


def record_look(
    request: AccessRequest, action: Action, repository: Repository, row: Manifest, subject: str
) -> None:
    """Note in the audit log who looked into what."""
    record(
        action,
        by=actor_of(request),
        registry=repository.registry.slug,
        repository=repository.name,
        subject=subject or repository.name,
        digest=row.digest,
        now=timezone.now(),
    )


def _listed(
    request: AccessRequest,
    template: str,
    page: ImageFilesPage | LayerFilesPage,
    *,
    is_busy: bool,
) -> HttpResponse:
    """Answer with the page, its list, or only the entries below one opened directory."""
    if wants_partial(request) and request.GET.get("branch") == "1":
        return render_page(request, "contents/branch.html", page)
    status = 409 if is_busy else 200
    response = render_page(request, template, page, partial="files", status=status)
    return _whole_once_read(request, response, "files", page.reading)


def _whole_once_read(
    request: AccessRequest, response: HttpResponse, part: str, reading: ReadingPart | None
) -> HttpResponse:
    """Have a part that waited for a reading load its whole page: the filter is above it."""
    if request.htmx.trigger == part and not (reading and reading.is_live):
        response["HX-Refresh"] = "true"
    return response
