"""Manifests by digest: pages that never change."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from registryui.accounts.http import AccessRequest
from registryui.catalog.models import Manifest, Repository
from registryui.catalog.pages.manifest_detail import ManifestDetailPage, RawManifestPage
from registryui.catalog.views.tags import repository_or_404
from registryui.web.rendering import render_page


def manifest_or_404(repository: Repository, digest: str) -> Manifest:
    """Return a manifest that the repository has, its config loaded with it."""
    held = Manifest.objects.filter(presences__repository=repository)
    return get_object_or_404(held.select_related("config"), digest=digest)


@require_safe
def manifest_detail(request: AccessRequest, registry: str, name: str, digest: str) -> HttpResponse:
    """Show an image with its layers, an index with its platforms, or an artifact."""
    repository = repository_or_404(request.access, registry, name)
    row = manifest_or_404(repository, digest)
    page = ManifestDetailPage.build(repository, row, access=request.access, now=timezone.now())
    return render_page(request, "catalog/manifest_detail.html", page)


@require_safe
def manifest_raw(request: AccessRequest, registry: str, name: str, digest: str) -> HttpResponse:
    """Show the exact bytes of one manifest; with ``download=1`` give them as a file."""
    repository = repository_or_404(request.access, registry, name)
    row = manifest_or_404(repository, digest)
    if request.GET.get("download") == "1":
        return _file(row)
    page = RawManifestPage.build(repository, row)
    response = render_page(request, "catalog/manifest_raw.html", page, partial="raw-manifest")
    # A digest is forever; only the page around the bytes may change with a release.
    response["Cache-Control"] = "private, max-age=3600"
    return response


def _file(row: Manifest) -> HttpResponse:
    # The registry's own media type is not passed on: what it says must not steer a browser.
    response = HttpResponse(bytes(row.content), content_type="application/octet-stream")
    name = row.digest.replace(":", "-")
    response["Content-Disposition"] = f'attachment; filename="{name}.json"'
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    return response
