"""The tags of a repository, and one of them."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from registryui.catalog.models import Repository, Tag
from registryui.catalog.pages.manifest_detail import full_crumbs
from registryui.catalog.pages.tag_detail import TagDetailPage, TagGonePage, moves_of
from registryui.catalog.pages.tag_list import TagListPage, stamp_of
from registryui.web.http import PageRequest
from registryui.web.rendering import render_page


def repository_or_404(registry: str, name: str) -> Repository:
    """Return a repository of a declared registry, its registry loaded with it."""
    repositories = Repository.objects.named(registry, name).select_related("registry")
    return get_object_or_404(repositories)


@require_safe
def tag_list(request: PageRequest, registry: str, name: str) -> HttpResponse:
    """Show the tags of one repository."""
    repository = repository_or_404(registry, name)
    page = TagListPage.build(repository, request.GET, now=timezone.now())
    return render_page(request, "catalog/tag_list.html", page, partial="tag-table")


@require_safe
@never_cache
def repository_stamp(request: PageRequest, registry: str, name: str) -> HttpResponse:
    """Say whether the tags changed since ``seen``: an open page asks every second."""
    rows = Repository.objects.named(registry, name).values_list("changed_at", "state")
    row = rows.first()
    if row is None:
        raise Http404
    stamp = stamp_of(*row)
    if request.GET.get("seen") == stamp:
        return HttpResponse(status=204)
    url = reverse("repository-stamp", args=[registry, name])
    response = render(request, "components/stamp.html", {"url": url, "stamp": stamp})
    response["HX-Trigger"] = "refreshed"
    return response


@require_safe
def tag_detail(request: PageRequest, registry: str, name: str, tag: str) -> HttpResponse:
    """Show where a tag points now, and where it pointed before."""
    repository = repository_or_404(registry, name)
    rows = Tag.objects.in_repository(repository).select_related("manifest__config")
    row = rows.filter(name=tag).first()
    if row is None:
        return _gone(request, repository, tag)
    page = TagDetailPage.build(row, repository, request.GET, now=timezone.now())
    return render_page(request, "catalog/tag_detail.html", page, partial="tag-image")


def _gone(request: PageRequest, repository: Repository, tag: str) -> HttpResponse:
    """Answer 410 for a tag that the index remembers, 404 for one that it never saw."""
    moves = moves_of(repository, tag)
    if not moves:
        raise Http404
    page = TagGonePage(
        registry=repository.registry.slug,
        repository=repository.name,
        name=tag,
        crumbs=full_crumbs(repository),
        moves=moves,
    )
    return render_page(request, "catalog/tag_gone.html", page, status=410)
