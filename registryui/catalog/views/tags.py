"""The tags of a repository, and one of them."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from registryui.accounts.access import Access
from registryui.accounts.http import AccessRequest
from registryui.catalog.models import Repository, Tag
from registryui.catalog.pages.manifest_detail import full_crumbs
from registryui.catalog.pages.tag_detail import TagDetailPage, TagGonePage, moves_of
from registryui.catalog.pages.tag_list import TagListPage, stamp_of
from registryui.web.rendering import render_page


def repository_or_404(access: Access, registry: str, name: str) -> Repository:
    """Return a repository that exists for this person, its registry loaded with it."""
    repositories = Repository.objects.named(registry, name).visible_to(access)
    return get_object_or_404(repositories.select_related("registry"))


@require_safe
def tag_list(request: AccessRequest, registry: str, name: str) -> HttpResponse:
    """Show the tags of one repository."""
    repository = repository_or_404(request.access, registry, name)
    page = TagListPage.build(repository, request.GET, access=request.access, now=timezone.now())
    return render_page(request, "catalog/tag_list.html", page, partial="tag-table")


@require_safe
@never_cache
def repository_stamp(request: AccessRequest, registry: str, name: str) -> HttpResponse:
    """Say whether the tags changed since ``seen``: an open page asks every second."""
    rows = Repository.objects.named(registry, name).visible_to(request.access)
    row = rows.values_list("changed_at", "state").first()
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
def tag_detail(request: AccessRequest, registry: str, name: str, tag: str) -> HttpResponse:
    """Show where a tag points now, and where it pointed before."""
    repository = repository_or_404(request.access, registry, name)
    rows = Tag.objects.in_repository(repository).select_related("manifest__config")
    row = rows.filter(name=tag).first()
    if row is None:
        return _gone(request, repository, tag)
    page = TagDetailPage.build(
        row, repository, request.GET, access=request.access, now=timezone.now()
    )
    return render_page(request, "catalog/tag_detail.html", page, partial="tag-image")


def _gone(request: AccessRequest, repository: Repository, tag: str) -> HttpResponse:
    """Answer 410 for a tag that the index remembers, 404 for one that it never saw."""
    moves = moves_of(repository, tag)
    if not moves:
        raise Http404
    page = TagGonePage(
        registry=repository.registry.slug,
        repository=repository.name,
        name=tag,
        crumbs=full_crumbs(repository),
        deleted_url=reverse("tag-deleted", args=[repository.registry.slug, repository.name, tag]),
        moves=moves,
    )
    return render_page(request, "catalog/tag_gone.html", page, status=410)
