"""Error pages: what happened, whose fault it is, what to try, and a name to report it by."""

from dataclasses import dataclass

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.shortcuts import render
from django.urls import is_valid_path
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext_noop

from registryui.web.client_errors import client_error, is_client_path

# Nobody reads what is answered there but programs, which need not ask for JSON each time.
PROGRAMS = "/api/"


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """What an error page says, in English; pages show it in the reader's language."""

    status: int
    title: str
    explanation: str
    suggestion: str


NOT_FOUND = ErrorPage(
    404,
    gettext_noop("There is nothing here"),
    gettext_noop(
        "No registry, repository, tag, manifest or page that you may see has this address."
    ),
    gettext_noop("Check the address, or search for the name or the digest."),
)
GONE = ErrorPage(
    410,
    gettext_noop("No longer in the registry"),
    gettext_noop("It was there once; the index remembers it."),
    gettext_noop("Open the repository to see what it holds now."),
)
BAD_REQUEST = ErrorPage(
    400,
    gettext_noop("This request makes no sense"),
    gettext_noop("The address or the form holds something that no page of ours would send."),
    gettext_noop("Go back and start from the page you came from."),
)
UNKNOWN_HOST = ErrorPage(
    400,
    gettext_noop("Registry UI is not known by this name"),
    gettext_noop("It answers only under the host names that its administrator allowed."),
    gettext_noop(
        "Administrator: add the host name in the address to REGISTRYUI_ALLOWED_HOSTS and restart."
    ),
)
FORBIDDEN = ErrorPage(
    403,
    gettext_noop("This form is too old or came from elsewhere"),
    gettext_noop("The secret that goes with it was missing or wrong, so nothing was done."),
    gettext_noop("Allow cookies for this site, reload the page and send the form again."),
)
NOT_SIGNED_IN = ErrorPage(
    401,
    gettext_noop("Please sign in"),
    gettext_noop("This needs to know who you are."),
    gettext_noop("Sign in, or send an API token: Authorization: Bearer TOKEN."),
)
WRONG_TOKEN = ErrorPage(
    401,
    gettext_noop("This token opens nothing"),
    gettext_noop(
        "The API token is wrong, too old or revoked, or the account may not sign in any more."
    ),
    gettext_noop("Make another one at /account/tokens/ and send it: Authorization: Bearer TOKEN."),
)
IN_PERSON = ErrorPage(
    403,
    gettext_noop("Not by a token"),
    gettext_noop(
        "Accounts are changed by people only, so that a token that leaked cannot keep itself alive."
    ),
    gettext_noop("Sign in with a browser and do it there."),
)
SHUT_OUT = ErrorPage(
    403,
    gettext_noop("You may not come in any more"),
    gettext_noop("We know who you are, but an administrator of Registry UI shut this account out."),
    gettext_noop("If that is a mistake, ask them to let you in again."),
)
SERVICE_FAILED = ErrorPage(
    502,
    gettext_noop("The sign-in service did not let you in"),
    gettext_noop("It refused, or did not answer as it should, or you took too long."),
    gettext_noop(
        "Try again from the sign-in page; if it stays, give the request id to your administrator."
    ),
)
NAME_TAKEN = ErrorPage(
    403,
    gettext_noop("Somebody else here has your name"),
    gettext_noop(
        "The proxy in front vouches for you, but an account of another kind has this name already."
    ),
    gettext_noop("Ask your administrator: one of the two needs another name."),
)
TOO_MANY = ErrorPage(
    429,
    gettext_noop("Too many tries"),
    gettext_noop("Somebody at your address tried to sign in very often."),
    gettext_noop("Wait a minute, then try again. Nothing was done with this request."),
)
SERVER_ERROR = ErrorPage(
    500,
    gettext_noop("Something went wrong on our side"),
    gettext_noop(
        "Registry UI ran into an error it did not expect. The registry itself is not affected."
    ),
    gettext_noop(
        "Try again in a moment; if it stays, give the request id below to your administrator."
    ),
)


def error_response(request: HttpRequest, error: ErrorPage) -> HttpResponse:
    """Answer with the error as a page, or in the one JSON shape if JSON was asked for.

    Who asks as one asks a registry is answered as registries do.
    """
    if is_client_path(request):
        return client_error(error.status, f"{error.explanation} {error.suggestion}")
    if request.GET.get("format") == "json" or request.path_info.startswith(PROGRAMS):
        body = {"error": error.title, "explanation": error.explanation, "status": error.status}
        response: HttpResponse = JsonResponse(body, status=error.status)
    else:
        response = render(request, "web/error.html", {"error": error}, status=error.status)
    # A cache may keep a 404 that does not say so; who was refused may be let in a moment later.
    add_never_cache_headers(response)
    return response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404; or lead on, where only the slash at the end is missing."""
    # Django's CommonMiddleware would do it, but it also refuses machines by their host name.
    if request.method in ("GET", "HEAD") and is_valid_path(f"{request.path_info}/"):
        return HttpResponsePermanentRedirect(request.get_full_path(force_append_slash=True))
    return error_response(request, NOT_FOUND)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400; a host name that is not allowed is told from other mistakes."""
    is_host = isinstance(exception, DisallowedHost)
    return error_response(request, UNKNOWN_HOST if is_host else BAD_REQUEST)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 to a form without its secret."""
    return error_response(request, FORBIDDEN)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500."""
    return error_response(request, SERVER_ERROR)
