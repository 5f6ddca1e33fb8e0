"""People whom a reverse proxy in front of us has signed in already."""

import hashlib
import logging
from collections.abc import Callable

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop

from registryui.accounts.addresses import comes_from_trusted_proxy
from registryui.accounts.models import User
from registryui.accounts.reporting import Action, report
from registryui.accounts.signing.groups import apply_groups, group_names
from registryui.web.errors import NAME_TAKEN, SHUT_OUT, error_response

logger = logging.getLogger(__name__)

SERVICE = gettext_noop("the proxy")
SAID = "said_by_proxy"  # in the session: what the proxy said when it began


class ProxyMiddleware:
    """Believe ``REGISTRYUI_PROXY_USER_HEADER``, of a trusted proxy and of nobody else.

    A session that began so ends as soon as the proxy says something else, or is not asked.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next in the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, signed in as whom the proxy names."""
        if not settings.PROXY_USER_HEADER or getattr(request, "api_token", None):
            return self.get_response(request)
        name = _name_in(request)
        if not name:
            if SAID in request.session:
                logout(request)
            return self.get_response(request)
        groups = _groups_in(request)
        said = hashlib.sha256("\n".join((name, *groups)).encode()).hexdigest()
        if request.session.get(SAID) != said or not request.user.is_authenticated:
            refusal = _sign_in(request, name, groups)
            if refusal is not None:
                return refusal
            request.session[SAID] = said
        return self.get_response(request)


def _name_in(request: HttpRequest) -> str:
    """Return whom the proxy names; empty for nobody, or if it is no proxy of ours that says so."""
    name = request.headers.get(settings.PROXY_USER_HEADER, "").strip()
    if not name:
        return ""
    if not comes_from_trusted_proxy(request):
        detail = gettext_noop("ignored a header that only a trusted proxy may send")
        report(request, Action.SIGN_IN, user=name, detail=detail, succeeded=False)
        return ""
    try:
        UnicodeUsernameValidator()(name)
    except ValidationError:
        logger.warning("The proxy names somebody whose name cannot be one here: %r", name[:150])
        return ""
    normal: str = User.normalize_username(name)
    return normal if len(normal) <= 150 else ""


def _groups_in(request: HttpRequest) -> tuple[str, ...]:
    header = settings.PROXY_GROUPS_HEADER
    return group_names(request.headers.get(header, "").split(",")) if header else ()


def _sign_in(request: HttpRequest, name: str, groups: tuple[str, ...]) -> HttpResponse | None:
    """Sign somebody in; return the page that says why not."""
    user = _account(name)
    if user.source != SERVICE:
        detail = gettext_noop("named by {service}, but another account has the name").format(
            service=SERVICE
        )
        report(request, Action.SIGN_IN, user=name, detail=detail, succeeded=False)
        return error_response(request, NAME_TAKEN)
    if not user.is_active:
        report(
            request, Action.SIGN_IN, user=name, detail=gettext_noop("is shut out"), succeeded=False
        )
        return error_response(request, SHUT_OUT)
    apply_groups(request, user, service=SERVICE, groups=groups)
    get_adapter().login(request, user)
    UserSession.objects.create_from_request(request)
    return None


def _account(name: str) -> User:
    found: User | None = User.objects.called(name).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            user: User = User.objects.create_user(name, source=SERVICE)
            return user
    except IntegrityError:  # the same person's first two requests came at once
        return User.objects.called(name).get()
