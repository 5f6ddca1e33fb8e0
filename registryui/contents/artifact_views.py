"""What else there is to read of a manifest: its history as a Dockerfile."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from registryui.accounts.http import AccessRequest
from registryui.catalog.views.manifests import manifest_or_404
from registryui.catalog.views.tags import repository_or_404
from registryui.contents.pages.dockerfile import DockerfilePage
from registryui.web.rendering import render_page


@require_safe
def dockerfile(request: AccessRequest, registry: str, name: str, digest: str) -> HttpResponse:
    """Show an image's history as a Dockerfile, as far as it allows."""
    repository = repository_or_404(request.access, registry, name)
    row = manifest_or_404(repository, digest)
    page = DockerfilePage.build(repository, row, access=request.access)
    return render_page(request, "contents/dockerfile.html", page)
