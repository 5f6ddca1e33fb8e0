"""Records the forms that were refused: somebody tried to change what is not theirs to change."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_noop

from registryui.accounts.access import Access
from registryui.audit.access import actor_of
from registryui.audit.actions import Action, Result
from registryui.audit.recording import record

REFUSALS = (403, 404)


class RefusalMiddleware:
    """Record what people who are signed in sent, and were refused; strangers meet the sign-in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next in the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, and look at the answer."""
        response = self.get_response(request)
        is_recorded = getattr(response, "is_recorded", False)  # by a view that knew more of it
        if request.method == "POST" and response.status_code in REFUSALS and not is_recorded:
            access: Access | None = getattr(request, "access", None)
            if access is not None and access.is_signed_in:
                self._record(request, response.status_code)
        return response

    def _record(self, request: HttpRequest, status: int) -> None:
        record(
            Action.ACCESS,
            by=actor_of(request),
            subject=f"POST {request.path_info}",
            result=Result.REFUSED,
            reason=gettext_noop("answered {status}").format(status=status),
            now=timezone.now(),
        )
