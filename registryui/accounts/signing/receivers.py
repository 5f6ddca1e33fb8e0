"""What has to be done whenever somebody comes in, however they came."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest

from registryui.accounts.models import User
from registryui.accounts.reporting import Action, report
from registryui.accounts.signing.sessions import begin


def connect() -> None:
    """Listen, once."""
    user_logged_in.connect(_on_sign_in, dispatch_uid="registryui.accounts.sign-in")


def _on_sign_in(sender: object, request: HttpRequest | None, user: User, **more: Any) -> None:
    if request is None or not hasattr(request, "session"):
        return
    begin(request)
    records = request.session.get("account_authentication_methods") or []
    ways = ", ".join(str(record.get("method", "")) for record in records)
    report(request, Action.SIGN_IN, user=user.username, detail=f"by {ways}" if ways else "")
