"""What images are based on, what is built on them, and where a layer is used."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from registryui.accounts.http import AccessRequest
from registryui.catalog.models import Blob
from registryui.catalog.views.manifests import manifest_or_404
from registryui.catalog.views.tags import repository_or_404
from registryui.lineage.pages.image import ImageLineagePage
from registryui.lineage.pages.layer import LayerPage
from registryui.lineage.pages.repository import RepositoryLineagePage
from registryui.web.rendering import render_page


@require_safe
def image_lineage(request: AccessRequest, registry: str, name: str, digest: str) -> HttpResponse:
    """Show what one image is based on, and what is built on it."""
    repository = repository_or_404(request.access, registry, name)
    row = manifest_or_404(repository, digest)
    page = ImageLineagePage.build(repository, row, request.GET, request.access)
    return render_page(request, "lineage/image_lineage.html", page, partial="user-table")


@require_safe
def repository_lineage(request: AccessRequest, registry: str, name: str) -> HttpResponse:
    """Show where the images of a repository are in use as a base."""
    repository = repository_or_404(request.access, registry, name)
    page = RepositoryLineagePage.build(repository, request.GET, request.access)
    return render_page(request, "lineage/repository_lineage.html", page, partial="image-table")


@require_safe
def layer(request: AccessRequest, digest: str) -> HttpResponse:
    """Show which images have a layer, as far as one may see them."""
    page = LayerPage.build(get_object_or_404(Blob, digest=digest), request.GET, request.access)
    if page is None:
        raise Http404
    return render_page(request, "lineage/layer.html", page, partial="user-table")
