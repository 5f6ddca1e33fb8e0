"""Registries and their repositories."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from registryui.accounts.http import AccessRequest
from registryui.catalog.models import Registry
from registryui.catalog.pages.all_repositories import AllRepositoriesPage
from registryui.catalog.pages.registry_list import RegistryListPage
from registryui.catalog.pages.repository_list import RepositoryListPage
from registryui.web.rendering import render_page


@require_safe
def registry_list(request: AccessRequest) -> HttpResponse:
    """Show the registries."""
    page = RegistryListPage.build(request.access, now=timezone.now())
    return render_page(request, "catalog/registry_list.html", page)


@require_safe
def repository_list(request: AccessRequest, registry: str) -> HttpResponse:
    """Show the repositories of one registry."""
    row = get_object_or_404(Registry.objects.declared().visible_to(request.access), slug=registry)
    page = RepositoryListPage.build(row, request.GET, request.access, now=timezone.now())
    return render_page(request, "catalog/repository_list.html", page, partial="repository-table")


@require_safe
def all_repositories(request: AccessRequest) -> HttpResponse:
    """Show the repositories of all registries."""
    page = AllRepositoriesPage.build(request.GET, request.access, now=timezone.now())
    template = "catalog/all_repositories.html"
    return render_page(request, template, page, partial="repository-table")
