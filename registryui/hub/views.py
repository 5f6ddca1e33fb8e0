"""The search of Docker Hub."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from registryui.accounts.http import AccessRequest
from registryui.hub.pages.hub_search import HubSearchPage
from registryui.web.rendering import render_page


@require_safe
def hub_search(request: AccessRequest) -> HttpResponse:
    """Show what Docker Hub has of what was typed."""
    page = HubSearchPage.build(request.GET, request.access)
    return render_page(request, "hub/hub_search.html", page, partial="hub-results")
