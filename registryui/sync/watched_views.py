"""The page of what is watched in a registry, and the forms on it."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from registryui.accounts.doors import for_administrators, for_audit_readers
from registryui.accounts.http import AccessRequest
from registryui.accounts.pattern import ANY
from registryui.audit.access import actor_of
from registryui.audit.api import Action, record
from registryui.catalog.models import Registry
from registryui.jobs.api import enqueue
from registryui.sync import first_visits, watching
from registryui.sync.forms import WatchForm
from registryui.sync.models import WatchedName
from registryui.sync.pages.watched_list import WatchedListPage
from registryui.web.http import see_other
from registryui.web.rendering import render_page


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_audit_readers
def watched_list(request: AccessRequest, registry: str) -> HttpResponse:
    """Show what is watched, and what came of it; by POST, watch more."""
    row = get_object_or_404(Registry.objects.declared(), slug=registry)
    may_change = request.access.is_administrator
    if request.method == "POST" and not may_change:
        raise Http404
    form = WatchForm(request.POST or None, registry=row) if may_change else None
    if request.method == "POST" and form is not None and form.is_valid():
        return _add(request, row, form.cleaned_data["names"])
    page = WatchedListPage.build(row, request.GET, form)
    return render_page(request, "sync/watched_list.html", page, partial="watched-names")


@require_POST
@for_administrators
def watched_delete(request: AccessRequest, registry: str, watched: int) -> HttpResponse:
    """Watch something no longer."""
    rows = WatchedName.objects.select_related("registry").filter(registry__is_declared=True)
    row = get_object_or_404(rows, registry__slug=registry, pk=watched)
    now = timezone.now()
    watching.stop_watching(row, now=now)
    _record(request, Action.UNWATCH, row.registry, row.text)
    return see_other(reverse("watched-list", args=[registry]))


def _add(request: AccessRequest, registry: Registry, names: list[str]) -> HttpResponse:
    now = timezone.now()
    added = watching.watch(registry, names, by=request.access.name, now=now)
    for text in added:
        _record(request, Action.WATCH, registry, text)
    if added:
        enqueue(first_visits.KIND, registry.slug, now=now)
    return see_other(reverse("watched-list", args=[registry.slug]))


def _record(request: AccessRequest, action: Action, registry: Registry, text: str) -> None:
    record(
        action,
        by=actor_of(request),
        registry=registry.slug,
        repository="" if ANY in text else text,
        subject=text,
        now=timezone.now(),
    )
