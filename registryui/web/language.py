"""The language of a page: what the person chose here, else what their browser asks for.

Whatever a program reads is in English, whoever asks: JSON twins, files, answers to clients. So is
what is stored; only pages are translated.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from registryui.web.client_errors import is_client_path
from registryui.web.rendering import JSON_PARAMETER

ENGLISH = "en"
# As browsers and screen readers know them (BCP 47), where Django spells it another way.
_TAGS = {"zh-hans": "zh-Hans"}
# What a program asks for, by the beginning or the end of its address.
_MACHINES = ("/healthz", "/readyz", "/metrics", "/hooks/", "/api/")
_FILES = (".csv", ".jsonl")
WHAT_DECIDES = ("Accept-Language", "Cookie")


@dataclass(frozen=True, slots=True)
class Language:
    """A language that pages can be in."""

    code: str
    name: str
    tag: str
    is_chosen: bool


def languages() -> tuple[Language, ...]:
    """Return the languages there are, each with its own name for itself."""
    chosen = translation.get_language()
    return tuple(
        Language(code, name, _TAGS.get(code, code), code == chosen)
        for code, name in settings.LANGUAGES
    )


def language_tag() -> str:
    """Return the language of this page as the page itself says it."""
    code = translation.get_language() or ENGLISH
    return _TAGS.get(code, code)


def is_language(code: str) -> bool:
    """Say whether pages can be in the language of this code."""
    return code in dict(settings.LANGUAGES)


def is_for_machines(request: HttpRequest) -> bool:
    """Say whether a program reads the answer, as far as the address tells."""
    path = request.path_info
    is_known = path.startswith(_MACHINES) or path.endswith(_FILES) or is_client_path(request)
    return is_known or bool(request.GET.get(JSON_PARAMETER))


class LanguageMiddleware:
    """Answer each request in its own language, and leave none behind for the next."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next in the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on in the language that the cookie or the browser names."""
        if is_for_machines(request):
            with translation.override(ENGLISH):
                return self.get_response(request)
        with translation.override(translation.get_language_from_request(request)):
            response = self.get_response(request)
        if response.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, WHAT_DECIDES)
        return response


def remember(response: HttpResponse, code: str, *, is_secure: bool) -> None:
    """Keep the chosen language in a cookie; "" forgets it."""
    if not code:
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
        return
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=365 * 24 * 60 * 60,
        samesite="Lax",
        httponly=True,
        secure=is_secure,
    )
