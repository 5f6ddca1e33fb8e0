"""The search."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from registryui.accounts.http import AccessRequest
from registryui.catalog.pages.search import SearchPage
from registryui.web.rendering import render_page


@require_safe
def search(request: AccessRequest) -> HttpResponse:
    """Show what the index has of what was typed."""
    page = SearchPage.build(request.GET, request.access)
    return render_page(request, "catalog/search.html", page, partial="search-results")
