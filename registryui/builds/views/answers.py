"""Refusals as JSON: always the same shape, with the field that is wrong."""

from django.http import HttpResponse, JsonResponse

_TITLES = {
    400: "This report makes no sense",
    401: "A token is needed",
    403: "You may not do this",
    404: "There is nothing here",
    429: "Too many reports",
}
_CHALLENGE = 'Bearer realm="Registry UI"'


class RefusedError(Exception):
    """What is asked is refused; ``is_recorded`` says that the audit log knows it already."""

    def __init__(
        self, status: int, explanation: str, field: str = "", *, is_recorded: bool = False
    ) -> None:
        super().__init__(explanation)
        self.status = status
        self.field = field
        self.is_recorded = is_recorded


def no_token() -> RefusedError:
    """Return what is said to somebody who is not known, or came by a browser's session."""
    words = "Make an API token at /account/tokens/ and send it: Authorization: Bearer TOKEN."
    return RefusedError(401, words)


def refusal(error: RefusedError) -> HttpResponse:
    """Answer with a refusal."""
    body = {
        "error": _TITLES[error.status],
        "explanation": str(error),
        "status": error.status,
        "field": error.field,
    }
    response = JsonResponse(body, status=error.status)
    if error.status == 401:
        response["WWW-Authenticate"] = _CHALLENGE
    if error.status == 429:
        response["Retry-After"] = "60"
    response.is_recorded = error.is_recorded  # type: ignore[attr-defined]  # read by RefusalMiddleware
    return response
