"""Who may read the log, and who somebody is in it: the two decisions about a request."""

from django.http import HttpRequest

from registryui.accounts.access import Access
from registryui.accounts.addresses import client_address
from registryui.audit.actions import Via
from registryui.audit.recording import Actor

NOBODY = "anonymous"


def may_read_audit(request: HttpRequest) -> bool:
    """Say whether the log is there for this person: for auditors and administrators alone."""
    access: Access | None = getattr(request, "access", None)
    return access is not None and access.reads_audit


def actor_of(request: HttpRequest) -> Actor:
    """Return who makes a request, as the log names them."""
    access: Access | None = getattr(request, "access", None)
    is_token = getattr(request, "api_token", None) is not None
    return Actor(
        name=(access.name if access is not None else "") or NOBODY,
        id=access.user_id if access is not None else None,
        teams=access.teams if access is not None else (),
        address=client_address(request),
        via=(Via.TOKEN if is_token else Via.SESSION).value,
        request_id=getattr(request, "request_id", ""),
    )


def audit_link(request: HttpRequest) -> dict[str, bool]:
    """Tell the templates whether to lead to the log."""
    return {"may_read_audit": may_read_audit(request)}
