"""Who may come to a view: what a person may not see has no address."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse

from registryui.accounts.access import Access
from registryui.accounts.http import AccessRequest, SignedInRequest
from registryui.web.errors import IN_PERSON, NOT_SIGNED_IN, error_response
from registryui.web.rendering import JSON_PARAMETER

P = ParamSpec("P")
View = Callable[Concatenate[AccessRequest, P], HttpResponse]
PersonalView = Callable[Concatenate[SignedInRequest, P], HttpResponse]


def counts_as_reading(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let whoever may read send this form, too: it changes nothing but how fresh the index is."""
    view.counts_as_reading = True  # type: ignore[attr-defined]  # read by SignInMiddleware
    return view


def only(test: Callable[[Access], bool]) -> Callable[[View[P]], View[P]]:
    """Let in whom the test says; others find nothing there, strangers the sign-in."""

    def wrap(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: AccessRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if test(request.access):
                return view(request, *args, **kwargs)
            if request.access.is_signed_in:
                raise Http404
            return _to_sign_in(request)

        return cast("View[P]", guarded)

    return wrap


def in_person(view: PersonalView[P]) -> PersonalView[P]:
    """Let in who signed in with a browser: a token that leaked must not make itself at home."""

    @wraps(view)
    def guarded(request: SignedInRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if getattr(request, "api_token", None) is not None:
            return error_response(request, IN_PERSON)
        return view(request, *args, **kwargs) if _knows(request) else _to_sign_in(request)

    return cast("PersonalView[P]", guarded)


def _knows(request: HttpRequest) -> bool:
    # Where everybody may read, strangers come this far.
    return request.user.is_authenticated


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    if request.GET.get(JSON_PARAMETER) == "json":
        return error_response(request, NOT_SIGNED_IN)
    return redirect_to_login(request.get_full_path())


for_administrators = only(lambda access: access.is_administrator)
for_audit_readers = only(lambda access: access.reads_audit)
for_the_signed_in = only(lambda access: access.is_signed_in)

__all__ = [
    "counts_as_reading",
    "for_administrators",
    "for_audit_readers",
    "for_the_signed_in",
    "in_person",
    "only",
]
