"""The ways in which the sample registry fails when it is told to."""

from collections.abc import Iterator
from contextlib import suppress
from http import HTTPStatus

from registryui.sample.content import Content
from registryui.sample.exchange import Answer, Call, RefusalError
from registryui.sample.switches import Switches

READABLE = "GET, HEAD"
CODE_OF_STATUS = {
    401: "UNAUTHORIZED",
    403: "DENIED",
    404: "NAME_UNKNOWN",
    405: "UNSUPPORTED",
    500: "UNKNOWN",
    503: "UNAVAILABLE",
}
LOGIN_PAGE = "<!doctype html>\n<title>Sign in</title>\n<form><input name=user></form>\n"


def planned_failure(switches: Switches, call: Call, *, answered: int) -> Answer | None:
    """Find the failure the switches hold for this request; `None` when it goes its normal way."""
    if switches.rate_limit_after is not None and answered >= switches.rate_limit_after:
        return _too_many(switches)
    with suppress(IndexError):  # another thread may have taken the last one
        return _failure(switches.fail_next.pop(0), switches)
    for part, status in switches.fail_paths.items():
        if part in call.location:
            return _failure(status, switches)
    if switches.html_login_page:
        return Answer.text(LOGIN_PAGE, status=200)
    if switches.read_only and call.method not in {"GET", "HEAD", "OPTIONS"}:
        return Answer.text("Method not allowed\n", ("Allow", READABLE), status=405)
    return None


def slowness(switches: Switches, call: Call) -> float:
    """For how many seconds this request has to wait."""
    paths = switches.slow_paths
    is_slow = not paths or any(part in call.location for part in paths)
    is_slow &= not switches.slow_methods or call.method in switches.slow_methods
    return switches.slow_seconds if is_slow else 0.0


def cut(switches: Switches, call: Call, content: Content) -> Iterator[bytes]:
    """Send the body's chunks, or half of them where the switches say so."""
    if any(part in call.location for part in switches.cut_paths):
        content = content.part(0, content.size_bytes // 2)
    yield from content.produce()


def _failure(status: int, switches: Switches) -> Answer:
    if status == 429:
        return _too_many(switches)
    if status in CODE_OF_STATUS:
        answer = RefusalError(CODE_OF_STATUS[status], "made to fail").answer()
        answer.status = status
        return answer
    # Gateways answer in HTML, and so does nearly everything that is not a registry.
    page = f"<html><body><h1>{status} {HTTPStatus(status).phrase}</h1></body></html>\n"
    return Answer.text(page, status=status)


def _too_many(switches: Switches) -> Answer:
    headers = [("Retry-After", switches.retry_after)] if switches.retry_after else []
    return RefusalError("TOOMANYREQUESTS", "pull rate limit exceeded").answer(*headers)
