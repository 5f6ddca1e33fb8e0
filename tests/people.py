"""Who looks at a page in a test: the one place that knows how a request gets its person."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse

ROLE_HEADER = "X-Test-Role"


class RoleMiddleware:
    """Make whoever says so in a header a person with that role."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        role = request.headers.get(ROLE_HEADER, "")
        user: Any = get_user_model()(pk=5, username="olga") if role else AnonymousUser()
        user.role = role
        request.user = user
        return self.get_response(request)
