"""How to connect to a registry, what the doctor finds in it, and what error messages mean."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from registryui.accounts.http import AccessRequest
from registryui.audit.access import actor_of
from registryui.catalog.models import Registry
from registryui.connect.certificates import authorities_of, bundle
from registryui.connect.diagnosing import ask_for_diagnosis
from registryui.connect.doors import may_examine, reads_diagnoses
from registryui.connect.pages.connect import ConnectPage
from registryui.connect.pages.doctor import DoctorPage
from registryui.connect.pages.explain import ExplainPage
from registryui.web.http import see_other
from registryui.web.rendering import render_page


def _registry_or_404(request: AccessRequest, slug: str) -> Registry:
    rows = Registry.objects.declared().visible_to(request.access)
    return get_object_or_404(rows, slug=slug)


@require_safe
def connect(request: AccessRequest, registry: str) -> HttpResponse:
    """Write the commands for one registry and one client."""
    row = _registry_or_404(request, registry)
    site = f"{request.scheme}://{request.get_host()}"
    page = ConnectPage.build(row, request.GET, request.access, site=site)
    return render_page(request, "connect/connect.html", page, partial="commands")


@require_safe
def connect_ca(request: AccessRequest, registry: str) -> HttpResponse:
    """Give the certificates of the registry's authorities as a file, and nothing else of it."""
    row = _registry_or_404(request, registry)
    authorities = authorities_of(row.slug)
    if not authorities:
        raise Http404
    response = HttpResponse(bundle(authorities), content_type="application/x-pem-file")
    response["Content-Disposition"] = 'attachment; filename="ca.crt"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def doctor(request: AccessRequest, registry: str) -> HttpResponse:
    """Show what the doctor found when a registry was last examined; by POST have that done."""
    row = _registry_or_404(request, registry)
    if not reads_diagnoses(request.access, row.slug):
        raise Http404
    if request.method == "POST":
        return _examine(request, row)
    page = DoctorPage.build(row, request.access)
    return render_page(request, "connect/doctor.html", page, partial="diagnosis")


def _examine(request: AccessRequest, registry: Registry) -> HttpResponse:
    if not may_examine(request.access, registry.slug):
        raise Http404
    ask_for_diagnosis(
        registry,
        by=actor_of(request),
        with_deletion=request.POST.get("delete") == "1",
        now=timezone.now(),
    )
    return see_other(request.path)


@require_safe
def explain(request: AccessRequest) -> HttpResponse:
    """Say what an error message means."""
    page = ExplainPage.build(request.GET)
    return render_page(request, "connect/explain.html", page, partial="explanations")
