"""What every template may use."""

from django.http import HttpRequest

from registryui.web.language import Language, language_tag, languages
from registryui.web.theme import theme_of
from registryui.web.version import VERSION


def site(request: HttpRequest) -> dict[str, str | tuple[Language, ...]]:
    """Return the version, the chosen theme, the languages and the request's name in the log."""
    return {
        "version": VERSION,
        "theme": theme_of(request),
        "language": language_tag(),
        "languages": languages(),
        "request_id": getattr(request, "request_id", ""),
    }
