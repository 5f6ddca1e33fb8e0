"""Going to a sign-in service, and coming back from it."""

import json
from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from requests import RequestException

from registryui.accounts.http import where_to
from registryui.accounts.pages.sign_in import Service
from registryui.accounts.reporting import Action, report
from registryui.web.errors import SERVICE_FAILED, error_response

BROKEN = (RequestException, json.JSONDecodeError, KeyError, AttributeError, TypeError)


def services(next_address: str) -> tuple[Service, ...]:
    """Return the sign-in services that are declared, each leading on to the address."""
    query = urlencode({"next": next_address})
    return tuple(
        Service(
            name=app["name"],
            url=f"{reverse('openid_connect_login', args=[app['provider_id']])}?{query}",
        )
        for app in settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    )


@login_not_required
@require_safe
@never_cache
def go(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Lead to a sign-in service."""
    # By a link, not a form: the policy lets forms go nowhere but here, redirects included.
    provider = _provider(request, provider_id)
    try:
        response: HttpResponse = provider.redirect(
            request, process="login", next_url=where_to(request)
        )
    except BROKEN as error:
        return _failed(request, provider_id, error)
    return response


@login_not_required
@require_safe
@never_cache
def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Let in whom a sign-in service vouches for."""
    _provider(request, provider_id)
    view = OAuth2CallbackView.adapter_view(OpenIDConnectOAuth2Adapter(request, provider_id))
    try:
        response: HttpResponse = view(request)
    except BROKEN as error:
        return _failed(request, provider_id, error)
    return response


def _provider(request: HttpRequest, provider_id: str) -> Any:  # django-allauth has no types
    declared = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    if provider_id not in {app["provider_id"] for app in declared}:
        raise Http404
    return get_adapter().get_provider(request, provider_id)


def _failed(request: HttpRequest, provider_id: str, error: Exception) -> HttpResponse:
    detail = gettext_noop("by {service}: {what}").format(
        service=provider_id, what=type(error).__name__
    )
    report(request, Action.SIGN_IN, user="", detail=detail, succeeded=False)
    return error_response(request, SERVICE_FAILED)
