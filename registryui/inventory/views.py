"""The inventory, its sums, and its exports."""

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from registryui.accounts.http import AccessRequest
from registryui.audit.access import actor_of
from registryui.audit.api import Action, record
from registryui.catalog.models import Registry, Tag
from registryui.catalog.views.tags import repository_or_404
from registryui.inventory.export import KINDS
from registryui.inventory.filters import InventoryFilters
from registryui.inventory.pages.inventory import InventoryPage
from registryui.inventory.pages.summary import InventorySummaryPage
from registryui.inventory.pages.tag import TagFindingsPage
from registryui.web.exporting import attachment
from registryui.web.rendering import render_page


@require_safe
def inventory(request: AccessRequest) -> HttpResponse:
    """Show every tag that one may see, with what may be wrong with it."""
    page = InventoryPage.build(request.GET, request.access, now=timezone.now())
    return render_page(request, "inventory/inventory.html", page, partial="inventory-table")


@require_safe
def summary(request: AccessRequest) -> HttpResponse:
    """Show how many tags have which finding, and what the findings mean."""
    page = InventorySummaryPage.build(request.access, now=timezone.now())
    return render_page(request, "inventory/summary.html", page)


@require_safe
def export(request: AccessRequest) -> HttpResponseBase:
    """Give all rows of the inventory that the filters leave, as CSV or JSON Lines."""
    kind = request.GET.get("as", "csv")
    if kind not in KINDS:
        raise Http404
    now = timezone.now()
    registries = list(Registry.objects.declared().visible_to(request.access))
    found = InventoryFilters.parse(request.GET).apply(request.access, registries, now=now)
    if request.method == "GET":
        details = {"format": kind, "filters": request.GET.urlencode()}
        by = actor_of(request)
        record(Action.EXPORT, by=by, subject="inventory", details=details, now=now)
    response = attachment(KINDS[kind](found, now=now), f"inventory-{now:%Y-%m-%d}.{kind}")
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def tag_findings(request: AccessRequest, registry: str, name: str, tag: str) -> HttpResponse:
    """Show what may be wrong with one tag; its page loads this as a part."""
    repository = repository_or_404(request.access, registry, name)
    row = get_object_or_404(
        Tag.objects.select_related("repository__registry"), repository=repository, name=tag
    )
    page = TagFindingsPage.build(row)
    return render_page(request, "inventory/tag_findings.html", page, partial="tag-findings")
