"""Errors for programs that talk to registries: the shape in which registries say them."""

from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse

PATHS: Final = ("/v1/", "/v2/")
CHALLENGE: Final = 'Basic realm="Registry UI"'

# OCI distribution-spec, "Error Codes"; the last two are Docker's.
_CODES = {
    401: "UNAUTHORIZED",
    403: "DENIED",
    404: "NAME_UNKNOWN",
    405: "UNSUPPORTED",
    429: "TOOMANYREQUESTS",
}
UNKNOWN = "UNKNOWN"


def is_client_path(request: HttpRequest) -> bool:
    """Say whether a program asks for this, as it would ask a registry."""
    return request.path_info.startswith(PATHS)


def client_error(status: int, message: str) -> HttpResponse:
    """Answer with an error as registries do; who is not known is asked for a name and a token."""
    error = {"code": _CODES.get(status, UNKNOWN), "message": message, "detail": None}
    response = JsonResponse({"errors": [error]}, status=status)
    if status == 401:
        response["WWW-Authenticate"] = CHALLENGE
    return response
