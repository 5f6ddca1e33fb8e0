"""The pages of the sync, and the button that asks for one."""

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from registryui.accounts.doors import only
from registryui.accounts.http import AccessRequest
from registryui.audit.access import actor_of
from registryui.audit.api import Action, record
from registryui.catalog.models import Registry
from registryui.sync.models import SyncRun
from registryui.sync.pages.run import SyncRunPage
from registryui.sync.pages.sync_list import SyncListPage
from registryui.sync.schedule import ask_for_sync
from registryui.web.http import see_other
from registryui.web.rendering import render_page


@require_safe
def sync_list(request: AccessRequest) -> HttpResponse:
    """Show when each registry is synced, and the runs of those that are seen in whole."""
    page = SyncListPage.build(request.GET, request.access, now=timezone.now())
    return render_page(request, "sync/sync_list.html", page, partial="sync-runs")


@require_safe
def sync_run(request: AccessRequest, run: int) -> HttpResponse:
    """Show one run: how far it is, what changed, what failed and why."""
    runs = SyncRun.objects.filter(registry__is_declared=True).select_related("registry")
    row = get_object_or_404(runs, pk=run)
    if not request.access.sees_all_of(row.registry.slug):
        raise Http404
    page = SyncRunPage.build(row, now=timezone.now())
    return render_page(request, "sync/sync_run.html", page, partial="sync-progress")


@require_POST
@only(lambda access: access.may_ask_for_syncs)
def registry_sync(request: AccessRequest, registry: str) -> HttpResponse:
    """Ask for a sync of one registry as soon as a worker has time."""
    rows = Registry.objects.declared().visible_to(request.access)
    row = get_object_or_404(rows, slug=registry)
    now = timezone.now()
    with transaction.atomic():
        ask_for_sync(row, SyncRun.Trigger.PERSON, now=now)
        record(Action.SYNC_REQUEST, by=actor_of(request), registry=row.slug, now=now)
    return see_other(reverse("sync-list"))
