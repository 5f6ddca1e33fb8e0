"""What else there is to read of a manifest: its history as a Dockerfile, what is in a chart."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from registryui.accounts.doors import counts_as_reading
from registryui.accounts.http import AccessRequest
from registryui.catalog.models import Repository
from registryui.catalog.views.manifests import manifest_or_404
from registryui.catalog.views.tags import repository_or_404
from registryui.contents.asking import Wanted
from registryui.contents.doors import for_readers_of_files
from registryui.contents.pages.chart import ChartPage
from registryui.contents.pages.chart_files import ChartFiles, chart_layer
from registryui.contents.pages.dockerfile import DockerfilePage
from registryui.contents.pages.image_files import files_url
from registryui.contents.views import ask
from registryui.oci.manifest import Kind
from registryui.web.rendering import render_page


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
        path = ChartFiles.of(layer).path_away
        wanted = Wanted(repository, row, (layer,), layer=layer.digest, path=path)
        answer = ask(request, wanted, address=request.path)
        if isinstance(answer, HttpResponse):
            return answer
        busy_url = files_url(answer.repository, answer.manifest)
    page = ChartPage.build(repository, row, layer, busy_url=busy_url)
    status = 409 if busy_url else 200
    return render_page(request, "contents/chart.html", page, partial="in-chart", status=status)
