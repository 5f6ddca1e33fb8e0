"""What has to be done whenever somebody comes in, however they came."""

from collections.abc import Mapping
from typing import Any

from allauth.account.signals import user_logged_in as came_in
from allauth.mfa import signals as second_factor
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest
from django.utils.translation import gettext_noop

from registryui.accounts.models import User
from registryui.accounts.reporting import Action, report
from registryui.accounts.signing.services import take_groups
from registryui.accounts.signing.sessions import begin

_TURNED_ON = {
    "totp": gettext_noop("codes of an app turned on"),
    "recovery_codes": gettext_noop("recovery codes turned on"),
}
_MADE_ANEW = {
    "totp": gettext_noop("codes of an app made anew"),
    "recovery_codes": gettext_noop("recovery codes made anew"),
}
_TURNED_OFF = {
    "totp": gettext_noop("codes of an app turned off"),
    "recovery_codes": gettext_noop("recovery codes turned off"),
}


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
    report(
        request,
        Action.SIGN_IN,
        user=user.username,
        detail=gettext_noop("by {what}").format(what=ways) if ways else "",
    )


def _on_coming_by_a_service(sender: object, request: HttpRequest, user: User, **more: Any) -> None:
    if login := more.get("sociallogin"):
        take_groups(request, user, login)


def _on_added(sender: object, request: HttpRequest, user: User, **more: Any) -> None:
    _tell(request, user, _TURNED_ON, more["authenticator"])


def _on_reset(sender: object, request: HttpRequest, user: User, **more: Any) -> None:
    _tell(request, user, _MADE_ANEW, more["authenticator"])


def _on_removed(sender: object, request: HttpRequest, user: User, **more: Any) -> None:
    _tell(request, user, _TURNED_OFF, more["authenticator"])


def _on_wrong_code(sender: object, request: HttpRequest, user: User, **more: Any) -> None:
    report(
        request,
        Action.SIGN_IN,
        user=user.username,
        detail=gettext_noop("wrong code"),
        succeeded=False,
    )


def _tell(
    request: HttpRequest, user: User, words: Mapping[str, str], factor: Authenticator
) -> None:
    detail = words.get(factor.type, factor.type)
    report(request, Action.TWO_FACTOR, user=user.username, detail=detail)
