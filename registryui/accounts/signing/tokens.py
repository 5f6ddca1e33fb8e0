"""Programs that come in by an API token instead of a session."""

import base64
import binascii
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_noop

from registryui.accounts.models import ApiToken
from registryui.accounts.reporting import Action, report
from registryui.accounts.secret import hash_of
from registryui.web.errors import WRONG_TOKEN, error_response

PREFIX = "rui_"  # by which people, and programs that search for leaked secrets, know a token
NOTED_EVERY = timedelta(minutes=1)
LONGEST_HEADER = 1000
OTHERS = "/hooks/"  # has secrets of its own


class TokenMiddleware:
    """Let in by ``Authorization: Bearer rui_...``, or Basic with the token as password.

    Of such a request no cookie counts, so nobody can make a browser send it: it needs no secret of
    the forms. Whatever else stands in the header is for others, such as a proxy in front of us.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next in the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on with its token; answer 401 to a wrong one."""
        name, secret = token_in(request.headers.get("Authorization", ""))
        if not secret or request.path_info.startswith(OTHERS):
            return self.get_response(request)
        token = find(secret, name=name, now=timezone.now())
        if token is None:
            return _refuse(request, name)
        request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]  # CsrfViewMiddleware
        request.api_token = token  # type: ignore[attr-defined]  # read by AccessMiddleware
        response = self.get_response(request)
        patch_vary_headers(response, ["Authorization"])
        return response


def token_in(header: str) -> tuple[str, str]:
    """Return the name, if one is given, and the token in an Authorization header; else empty."""
    scheme, _, value = header[:LONGEST_HEADER].partition(" ")
    name, secret = "", value.strip()
    if scheme.lower() == "basic":
        try:
            decoded = base64.b64decode(secret, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return "", ""
        name, _, secret = decoded.replace("\x00", "\ufffd").partition(":")
    elif scheme.lower() != "bearer":
        return "", ""
    return (name, secret) if secret.startswith(PREFIX) else ("", "")


def find(secret: str, *, name: str, now: datetime) -> ApiToken | None:
    """Return the token, if it is good and, where a name is given, that person's."""
    tokens = ApiToken.objects.usable(now).select_related("user")
    token = tokens.filter(secret_hash=hash_of(secret)).first()
    if token is None or (name and name.casefold() != token.user.username.casefold()):
        return None
    if token.last_used_at is None or now - token.last_used_at >= NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token


def _refuse(request: HttpRequest, name: str) -> HttpResponse:
    report(
        request,
        Action.API_TOKEN,
        user=name,
        detail=gettext_noop("wrong, too old or revoked"),
        succeeded=False,
    )
    response = error_response(request, WRONG_TOKEN)
    response.headers.setdefault("WWW-Authenticate", 'Bearer realm="Registry UI"')
    return response
