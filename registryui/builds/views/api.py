"""Where CI reports builds, and where programs read them."""

from dataclasses import asdict

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from registryui.accounts.http import AccessRequest
from registryui.audit.access import actor_of
from registryui.audit.api import Action, Result, record
from registryui.builds.doors import Place, is_too_often, may_report, place_or_404
from registryui.builds.models import Build
from registryui.builds.pages.build_list import BuildListPage
from registryui.builds.pages.rows import rows_of
from registryui.builds.recording import record_report
from registryui.builds.report import (
    MAX_BODY_BYTES,
    BuildReport,
    InvalidReportError,
    read_report,
)
from registryui.builds.views.answers import RefusedError, no_token, refusal
from registryui.builds.views.pages import site_of
from registryui.catalog.models import Registry, Repository
from registryui.web.query import text_in
from registryui.web.rendering import page_document


# A browser cannot be made to send a token, and nothing else opens this door: no form's secret.
@login_not_required
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def build_api(request: AccessRequest) -> HttpResponse:
    """Take in a report of a build, or list the builds of the repository that is named."""
    try:
        return _take(request) if request.method == "POST" else _list(request)
    except RefusedError as error:
        return refusal(error)
    except Http404:
        return refusal(RefusedError(404, "You may see no such repository.", "repository"))


def _take(request: AccessRequest) -> HttpResponse:
    if getattr(request, "api_token", None) is None:
        raise no_token()
    now, access = timezone.now(), request.access
    if is_too_often(access, now=now):
        raise RefusedError(429, "So many reports a minute are too many. Try again in a minute.")
    try:
        report = read_report(request.read(MAX_BODY_BYTES + 1), now=now)
    except InvalidReportError as error:
        raise RefusedError(400, str(error), error.field) from None
    registry = _registry(request, report)
    _check(request, report, registry.slug)
    recorded = record_report(registry, report, reported_by=access.name, now=now)
    repository = Repository.objects.named(registry.slug, report.repository).first()
    leader = recorded.build
    [row] = rows_of(Place(registry, report.repository, repository), [leader])
    answer = {"is_new": recorded.is_new, "is_late": recorded.is_late, "build": asdict(row)}
    return JsonResponse(answer, status=201 if recorded.is_new else 200)


def _list(request: AccessRequest) -> HttpResponse:
    access = request.access
    if not (access.is_signed_in or access.sees_everything):
        raise no_token()
    name = text_in(request.GET, "repository", most=255)
    slug = text_in(request.GET, "registry", most=50) or _only_slug()
    if not name:
        raise RefusedError(400, "It is missing.", "repository")
    place = place_or_404(access, slug, name)
    page = BuildListPage.build(place, request.GET, access=access, site=site_of(request))
    return JsonResponse(page_document(page))


def _registry(request: AccessRequest, report: BuildReport) -> Registry:
    slug = report.registry or _only_slug()
    registry = Registry.objects.declared().filter(slug=slug).first()
    if registry is None or not request.access.sees(slug, report.repository):
        _record_refusal(request, report, slug)
        raise RefusedError(404, "You may see no such repository.", "repository", is_recorded=True)
    return registry


def _only_slug() -> str:
    """Return the name of the registry where there is only one, so that it need not be said."""
    slugs = list(Registry.objects.declared().values_list("slug", flat=True)[:2])
    if len(slugs) == 1:
        return slugs[0]
    raise RefusedError(
        400, "It is missing: there are several registries. Write its name in addresses.",
        "registry",
    )  # fmt: skip


def _check(request: AccessRequest, report: BuildReport, slug: str) -> None:
    """Refuse who may see the repository, and not report builds of it."""
    if may_report(request.access, slug, report.repository):
        return
    _record_refusal(request, report, slug)
    words = (
        "You may see this repository, and not report its builds. That needs a token that may "
        "change things, of somebody who is granted to report builds of it."
    )
    raise RefusedError(403, words, "repository", is_recorded=True)


def _record_refusal(request: AccessRequest, report: BuildReport, slug: str) -> None:
    record(
        Action.BUILD_REPORT,
        by=actor_of(request),
        registry=slug,
        repository=report.repository,
        subject=report.external_id,
        digest=report.digest,
        result=Result.REFUSED,
        reason=gettext_noop("no right to report its builds"),
        details={"state": Build.State(report.state).value.lower()},
        now=timezone.now(),
    )
