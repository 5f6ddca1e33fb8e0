"""Badges: for whoever may see a repository, and for whoever knows a secret address."""

import secrets

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from registryui.accounts.doors import for_the_signed_in
from registryui.accounts.http import AccessRequest
from registryui.audit.access import actor_of
from registryui.audit.api import Action, record
from registryui.builds.badge import draw, standing_of
from registryui.builds.doors import Place, may_switch_badge, place_or_404
from registryui.builds.models import BuildBadge
from registryui.builds.pages.badge import BuildBadgePage
from registryui.builds.views.pages import site_of
from registryui.oci.digest import Digest
from registryui.web.http import see_other
from registryui.web.query import text_in
from registryui.web.rendering import render_page

SECONDS = 60
_SECRET_BYTES = 24
_WORDS = {
    "on": gettext_noop("switched on"),
    "renew": gettext_noop("given another address"),
    "off": gettext_noop("switched off"),
}


@require_safe
def build_badge_picture(request: AccessRequest, registry: str, name: str) -> HttpResponse:
    """Draw how a repository's builds go, for whoever may see it."""
    if not request.access.sees(registry, name):
        raise Http404
    place = place_or_404(request.access, registry, name)
    return _picture(request, place.registry.pk, place.name, cache="private")


@login_not_required
@require_safe
def public_badge(request: HttpRequest, token: str) -> HttpResponse:
    """Draw the same for everybody who knows the secret in the address."""
    badges = BuildBadge.objects.filter(registry__is_declared=True)
    badge = get_object_or_404(badges, token=token)
    return _picture(request, badge.registry_id, badge.repository, cache="public")


@require_http_methods(["GET", "HEAD", "POST"])
@for_the_signed_in
@never_cache
def build_badge(request: AccessRequest, registry: str, name: str) -> HttpResponse:
    """Show the badge's public address to who manages the repository; by POST, switch it."""
    place = place_or_404(request.access, registry, name)
    if not may_switch_badge(request.access, registry, name):
        raise Http404
    if request.method == "POST":
        _switch(request, place, request.POST.get("action", ""))
        return see_other(place.url("build-badge"))
    page = BuildBadgePage.build(place, site=site_of(request))
    return render_page(request, "builds/build_badge.html", page)


def _switch(request: AccessRequest, place: Place, action: str) -> None:
    if action not in _WORDS:
        raise Http404
    badges = BuildBadge.objects.filter(registry=place.registry, repository=place.name)
    if action == "on" and badges.exists():
        return  # a doubled click must not break the address that was just copied
    with transaction.atomic():
        deleted, _ = badges.delete()
        if action == "off" and not deleted:
            return
        if action != "off":
            BuildBadge.objects.create(
                registry=place.registry,
                repository=place.name,
                token=secrets.token_urlsafe(_SECRET_BYTES),
                made_by=request.access.name,
                made_at=timezone.now(),
            )
    record(
        Action.BUILD_BADGE,
        by=actor_of(request),
        registry=place.registry.slug,
        repository=place.name,
        subject=place.name,
        reason=_WORDS[action],
        now=timezone.now(),
    )


def _picture(request: HttpRequest, registry: int, name: str, *, cache: str) -> HttpResponse:
    """Answer with the badge, or that it is the one that the asker has already."""
    branch = text_in(request.GET, "branch", most=255)
    content = draw(standing_of(registry, name, branch=branch), branch=branch).encode()
    etag = f'"{Digest.of(content).encoded[:32]}"'
    response = HttpResponse(content, content_type="image/svg+xml; charset=utf-8")
    response["ETag"] = etag
    answer = get_conditional_response(request, etag=etag, response=response)
    picture = answer if isinstance(answer, HttpResponse) else response
    picture["ETag"] = etag
    picture["Cache-Control"] = f"{cache}, max-age={SECONDS}"
    return picture
