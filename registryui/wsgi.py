"""The WSGI application that gunicorn serves."""

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.wsgi import get_wsgi_application

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "registryui.settings")


class UnderPath:
    """Serve an application below a path, whether or not the proxy in front strips that path."""

    def __init__(self, application: "WSGIApplication", path: str) -> None:
        """Take the application and the path, such as ``/images``; ``/`` for none."""
        self.application = application
        self.path = path.rstrip("/")

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Pass the request on, its path without ours."""
        path = environ.get("PATH_INFO", "")
        if self.path and (path == self.path or path.startswith(self.path + "/")):
            environ["PATH_INFO"] = path[len(self.path) :] or "/"
        return self.application(environ, start_response)


def _application() -> UnderPath:
    from django.conf import settings  # noqa: PLC0415 - settings need the environment set above

    return UnderPath(get_wsgi_application(), settings.BASE_PATH)


application = _application()
