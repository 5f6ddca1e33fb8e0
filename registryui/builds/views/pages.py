"""The pages of builds, and the parts that other pages load."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from registryui.accounts.http import AccessRequest
from registryui.builds.doors import place_or_404
from registryui.builds.pages.build_list import BuildListPage
from registryui.builds.pages.built_from import BuiltFromPage, NewestBuildPage
from registryui.catalog.models import Manifest
from registryui.web.rendering import render_page


@require_safe
def build_list(request: AccessRequest, registry: str, name: str) -> HttpResponse:
    """Show the builds of one repository."""
    place = place_or_404(request.access, registry, name)
    page = BuildListPage.build(place, request.GET, access=request.access, site=site_of(request))
    return render_page(request, "builds/build_list.html", page, partial="build-table")


@require_safe
def build_newest(request: AccessRequest, registry: str, name: str) -> HttpResponse:
    """Show how the newest build of a repository went; its page loads this as a part."""
    place = place_or_404(request.access, registry, name)
    page = NewestBuildPage.build_page(place)
    return render_page(request, "builds/build_newest.html", page, partial="newest-build")


@require_safe
def built_from(request: AccessRequest, registry: str, name: str, digest: str) -> HttpResponse:
    """Show what an image was built from; its page loads this as a part."""
    place = place_or_404(request.access, registry, name)
    if place.repository is None:
        raise Http404
    held = Manifest.objects.filter(presences__repository=place.repository)
    page = BuiltFromPage.build_page(place, get_object_or_404(held, digest=digest))
    return render_page(request, "builds/built_from.html", page, partial="built-from")


def site_of(request: HttpRequest) -> str:
    """Return where whoever asks reaches us."""
    return f"{request.scheme}://{request.get_host()}"
