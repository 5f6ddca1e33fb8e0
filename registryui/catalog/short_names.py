"""Docker Hub's short names in addresses: ``/r/hub/nginx/`` leads to ``/r/hub/library/nginx/``."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import ResolverMatch, reverse

from registryui.accounts.access import Access
from registryui.catalog.models import Repository
from registryui.oci.reference import hub_repository


class ShortNameMiddleware:
    """Redirect an address that is not found to the one with the whole name, if that is there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next in the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Look once more before a page says that it is not there; never for what changes things."""
        match, access = request.resolver_match, getattr(request, "access", None)
        if not isinstance(error, Http404) or request.method not in ("GET", "HEAD"):
            return None
        if match is None or not isinstance(access, Access):
            return None
        address = _whole_address(match, access)
        query = request.META.get("QUERY_STRING", "")
        return HttpResponseRedirect(f"{address}?{query}" if query else address) if address else None


def _whole_address(match: ResolverMatch, access: Access) -> str:
    """Return the address with the whole name; empty unless this person may see what is there."""
    registry, name = match.kwargs.get("registry"), match.kwargs.get("name")
    if not registry or not name or hub_repository(name) == name or not match.view_name:
        return ""
    whole = hub_repository(name)
    rows = Repository.objects.named(registry, whole).visible_to(access).select_related("registry")
    row = rows.first()
    if row is None or not row.registry.is_docker_hub:
        return ""
    return reverse(match.view_name, kwargs={**match.kwargs, "name": whole})
