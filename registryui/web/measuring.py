"""Counts and times the requests people make, by view, for /metrics."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from prometheus_client import Counter, Histogram

REQUESTS = Counter("registryui_http_requests", "Requests answered.", ["view", "method", "status"])
SECONDS = Histogram("registryui_http_request_seconds", "Time to answer.", ["view"])
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})


class MeasuringMiddleware:
    """Count each request under its view's name, never under its address: that has no end."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next in the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on and note how it went."""
        started = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        view = match.view_name if match and match.view_name else "none"
        method = request.method if request.method in METHODS else "other"
        REQUESTS.labels(view, method, str(response.status_code)).inc()
        SECONDS.labels(view).observe(time.perf_counter() - started)
        return response
