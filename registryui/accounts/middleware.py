"""Middleware of the accounts: who may come in, and what they may see."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from registryui.accounts.access import Access, access_of
from registryui.accounts.models import ApiToken
from registryui.accounts.narrowing import narrowed
from registryui.web.errors import NOT_SIGNED_IN, error_response
from registryui.web.language import ENGLISH, is_for_machines, is_language
from registryui.web.rendering import JSON_PARAMETER

READING = ("GET", "HEAD", "OPTIONS")


class AccessMiddleware:
    """Put on each request what whoever made it may see and do; read when first asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next in the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        token: ApiToken | None = getattr(request, "api_token", None)
        if token is not None:
            request.user = token.user

        def read() -> Access:
            access = access_of(request.user)
            if token is None:
                return access
            may_write = token.scope == ApiToken.Scope.WRITE
            return narrowed(access, may_write=may_write, pattern=token.pattern)

        request.access = SimpleLazyObject(read)  # type: ignore[attr-defined]  # AccessRequest
        return self.get_response(request)


class OwnLanguageMiddleware:
    """Answer people who are signed in in the language of their account, programs in English."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next in the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; ``LanguageMiddleware`` around us ends what we begin."""
        if getattr(request, "api_token", None) is not None:
            translation.activate(ENGLISH)
        elif not is_for_machines(request):
            chosen = getattr(request.user, "language", "")
            if is_language(chosen):
                translation.activate(chosen)
        return self.get_response(request)


class SignInMiddleware(LoginRequiredMiddleware):
    """Ask strangers to sign in, except where the view or the settings let them read."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[object, ...],
        view_kwargs: dict[str, object],
    ) -> HttpResponseBase | None:
        """Let readers read where the settings say so: everything, or some registries."""
        is_open = settings.ANONYMOUS_READ or settings.ANONYMOUS_REGISTRIES
        is_reading = request.method in READING or getattr(view_func, "counts_as_reading", False)
        if is_open and is_reading:
            return None
        answer: HttpResponseBase | None = super().process_view(
            request, view_func, view_args, view_kwargs
        )
        return answer

    def handle_no_permission(  # type: ignore[override]  # not only redirects are answers
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        """Lead people to the sign-in; tell programs and parts of a page that it is needed."""
        if request.GET.get(JSON_PARAMETER) == "json":
            return error_response(request, NOT_SIGNED_IN)
        response: HttpResponseBase = super().handle_no_permission(request, view_func)
        if getattr(request, "htmx", False):
            # A part of a page must not be replaced by a sign-in form: the whole page goes there.
            headers = {"HX-Redirect": response["Location"]}
            return HttpResponse(status=204, headers=headers)
        return response
