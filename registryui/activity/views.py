"""Where registries tell what was done, and the pages that show it."""

import logging

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from registryui.accounts.http import AccessRequest
from registryui.activity import senders
from registryui.activity.door import is_let_in
from registryui.activity.intake import take_in
from registryui.activity.pages.activity import ActivityPage
from registryui.activity.pages.notifications import NotificationsPage
from registryui.catalog.models import Registry
from registryui.catalog.views.tags import repository_or_404
from registryui.oci.document import InvalidDocumentError
from registryui.sync.declare import declare_registries
from registryui.web.rendering import render_page

logger = logging.getLogger(__name__)


@login_not_required
@csrf_exempt
@require_POST
def hook(request: HttpRequest, registry: str, secret: str = "") -> HttpResponse:
    """Take in what a registry says was done; answer at once, and work it off later.

    What we do not understand is answered well, too: distribution sends anything else again and
    again, and nothing that comes after it.
    """
    authorization = request.headers.get("Authorization", "")
    if not is_let_in(registry, authorization=authorization, in_address=secret):
        response = HttpResponse("The secret is missing or wrong.\n", "text/plain", 401)
        response["WWW-Authenticate"] = 'Bearer realm="Registry UI notifications"'
        return response
    body = request.read(senders.MAX_BODY_BYTES + 1)
    try:
        reports = senders.read(body, request.headers)
    except InvalidDocumentError as error:
        logger.warning("A notification of %s is not understood: %s", registry, error)
        return _accepted(0)
    return _accepted(take_in(_row(registry), reports, now=timezone.now()))


@require_safe
def activity(request: AccessRequest) -> HttpResponse:
    """Show who pushed, pulled and deleted what, in all registries."""
    page = ActivityPage.build(request.GET, request.access, now=timezone.now())
    return render_page(request, "activity/activity.html", page, partial="event-table")


@require_safe
def repository_activity(request: AccessRequest, registry: str, name: str) -> HttpResponse:
    """Show who pushed, pulled and deleted what in one repository."""
    repository = repository_or_404(request.access, registry, name)
    page = ActivityPage.build(
        request.GET, request.access, now=timezone.now(), repository=repository
    )
    return render_page(request, "activity/activity.html", page, partial="event-table")


@require_safe
def notifications(request: AccessRequest, registry: str) -> HttpResponse:
    """Say how to make a registry notify us, and whether it does, to who sees all of it."""
    row = get_object_or_404(Registry.objects.declared(), slug=registry)
    if not request.access.sees_all_of(row.slug):
        raise Http404
    page = NotificationsPage.build(row, site=f"{request.scheme}://{request.get_host()}")
    return render_page(request, "activity/notifications.html", page, partial="arrived")


def _row(slug: str) -> Registry:
    """Return the registry's row; it may be declared, and no worker have started yet."""
    rows = Registry.objects.declared().filter(slug=slug)
    row = rows.first()
    if row is not None:
        return row
    declare_registries(settings.REGISTRIES)
    return get_object_or_404(rows)


def _accepted(count: int) -> HttpResponse:
    return HttpResponse(f"{count} new\n", "text/plain", 202)
