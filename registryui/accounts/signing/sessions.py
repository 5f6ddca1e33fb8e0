"""How long somebody stays signed in: a day's work at most, an hour without doing anything."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

BEGAN, SEEN = "began_at", "seen_at"
NOTED_EVERY_SECONDS = 60  # a request does not write to the database for less


def begin(request: HttpRequest) -> None:
    """Note when the session began."""
    request.session[BEGAN] = request.session[SEEN] = int(time.time())


class SessionLimitsMiddleware:
    """End sessions that are too old, or in which nobody opened a page for too long."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next in the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, signed out if it is time."""
        if settings.SESSION_COOKIE_NAME in request.COOKIES and BEGAN in request.session:
            now = int(time.time())
            if _is_over(request, now):
                logout(request)
            else:
                _note(request, now)
        return self.get_response(request)


def _is_over(request: HttpRequest, now: int) -> bool:
    age = now - int(request.session[BEGAN])
    idle = now - int(request.session.get(SEEN, 0))
    longest, longest_idle = settings.SESSION_HOURS * 3600, settings.SESSION_IDLE_MINUTES * 60
    return age > int(longest) or idle > int(longest_idle)


def _note(request: HttpRequest, now: int) -> None:
    # Parts of an open page ask by themselves: that is nobody doing anything.
    if "HX-Request" in request.headers:
        return
    if now - request.session.get(SEEN, 0) >= NOTED_EVERY_SECONDS:
        request.session[SEEN] = now
