"""Middleware of the kit."""

import secrets
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse


class RequestIdMiddleware:
    """Name each request, so that an error page and the log can be matched."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next in the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Put the name on the request and on the response."""
        request_id = secrets.token_hex(6)
        request.request_id = request_id  # type: ignore[attr-defined]  # PageRequest declares it
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
        response["X-Request-ID"] = request_id
        return response


class KnownHostMiddleware:
    """Answer people only under the allowed host names.

    Else a foreign page could point a name of its own at our address and read what we show.
    Machines come by whatever address they know; what they ask for is no secret or has its own.
    """

    MACHINES = ("/healthz", "/readyz", "/metrics", "/hooks/")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next in the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; raise DisallowedHost for an unknown name."""
        if not request.path_info.startswith(self.MACHINES):
            request.get_host()
        return self.get_response(request)
