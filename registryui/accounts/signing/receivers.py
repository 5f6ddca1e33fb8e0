"""What has to be done whenever somebody comes in, however they came."""

from typing import Any

from allauth.account.signals import user_logged_in as came_in
from allauth.mfa import signals as second_factor
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest

from registryui.accounts.models import User
from registryui.accounts.reporting import Action, report
from registryui.accounts.signing.services import take_groups
from registryui.accounts.signing.sessions import begin


def connect() -> None:
    """Listen, once."""
    user_logged_in.connect(_on_sign_in, dispatch_uid="registryui.accounts.sign-in")
    for signal, receiver in (
        (came_in, _on_coming_by_a_service),
        (second_factor.authenticator_added, _on_added),
        (second_factor.authenticator_reset, _on_reset),
        (second_factor.authenticator_removed, _on_removed),
        (second_factor.authentication_failed, _on_wrong_code),
    ):
        signal.connect(receiver, dispatch_uid=f"registryui.accounts{receiver.__name__}")


def _on_sign_in(sender: object, request: HttpRequest | None, user: User, **more: Any) -> None:
    if request is None or not hasattr(request, "session"):
        return
    begin(request)
    records = request.session.get("account_authentication_methods") or []
    ways = ", ".join(str(record.get("method", "")) for record in records)
    report(request, Action.SIGN_IN, user=user.username, detail=f"by {ways}" if ways else "")


def _on_coming_by_a_service(sender: object, request: HttpRequest, user: User, **more: Any) -> None:
    if login := more.get("sociallogin"):
        take_groups(request, user, login)


def _on_added(sender: object, request: HttpRequest, user: User, **more: Any) -> None:
    _tell(request, user, "turned on", more["authenticator"])


def _on_reset(sender: object, request: HttpRequest, user: User, **more: Any) -> None:
    _tell(request, user, "made anew", more["authenticator"])


def _on_removed(sender: object, request: HttpRequest, user: User, **more: Any) -> None:
    _tell(request, user, "turned off", more["authenticator"])


def _on_wrong_code(sender: object, request: HttpRequest, user: User, **more: Any) -> None:
    report(request, Action.SIGN_IN, user=user.username, detail="wrong code", succeeded=False)


def _tell(request: HttpRequest, user: User, what: str, factor: Authenticator) -> None:
    which = {"totp": "codes of an app", "recovery_codes": "recovery codes"}
    detail = f"{which.get(factor.type, factor.type)} {what}"
    report(request, Action.TWO_FACTOR, user=user.username, detail=detail)
