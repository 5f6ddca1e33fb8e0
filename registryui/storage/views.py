"""What is stored, and what it would take to have it no longer."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from registryui.accounts.http import AccessRequest
from registryui.catalog.models import Registry
from registryui.catalog.views.tags import repository_or_404
from registryui.storage.pages.registry import RegistryStoragePage
from registryui.storage.pages.repository import RepositoryStoragePage
from registryui.web.rendering import render_page


@require_safe
def registry_storage(request: AccessRequest, registry: str) -> HttpResponse:
    """Show what a registry stores once and what is shared, to who sees all of it."""
    row = get_object_or_404(Registry.objects.declared(), slug=registry)
    if not request.access.sees_all_of(row.slug):
        raise Http404
    page = RegistryStoragePage.build(row, request.GET)
    return render_page(request, "storage/registry_storage.html", page, partial="storage-table")


@require_safe
def repository_storage(request: AccessRequest, registry: str, name: str) -> HttpResponse:
    """Show what the images of one repository need, and what each has alone."""
    repository = repository_or_404(request.access, registry, name)
    page = RepositoryStoragePage.build(repository, request.GET, request.access)
    return render_page(request, "storage/repository_storage.html", page, partial="image-table")
