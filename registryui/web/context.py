"""What every template may use."""

from django.http import HttpRequest

from registryui.web.theme import theme_of
from registryui.web.version import VERSION


def site(request: HttpRequest) -> dict[str, str]:
    """Return the version, the chosen theme and the request's name in the log."""
    return {
        "version": VERSION,
        "theme": theme_of(request),
        "request_id": getattr(request, "request_id", ""),
    }
