"""Who may read the log, and who somebody is in it: the two decisions about a request."""

from django.http import HttpRequest

from registryui.audit.actions import Via
from registryui.audit.recording import Actor

READERS = frozenset({"AUDITOR", "ADMINISTRATOR"})
NOBODY = "anonymous"


def may_read_audit(request: HttpRequest) -> bool:
    """Say whether the log is there for this person: for auditors and administrators alone."""
    user = getattr(request, "user", None)
    return user is not None and user.is_authenticated and getattr(user, "role", "") in READERS


def actor_of(request: HttpRequest) -> Actor:
    """Return who makes a request, as the log names them."""
    user = getattr(request, "user", None)
    is_known = user is not None and user.is_authenticated
    return Actor(
        name=user.get_username() if user is not None and is_known else NOBODY,
        id=user.pk if user is not None and is_known else None,
        address=request.META.get("REMOTE_ADDR", ""),
        via=Via.SESSION.value,
        request_id=getattr(request, "request_id", ""),
    )


def audit_link(request: HttpRequest) -> dict[str, bool]:
    """Tell the templates whether to lead to the log."""
    return {"may_read_audit": may_read_audit(request)}
