"""What django-allauth has to do our way: no sign-up, our addresses, and every failure reported."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy, gettext_noop

from registryui.accounts.addresses import client_address
from registryui.accounts.models import User
from registryui.accounts.reporting import Action, report


class AccountAdapter(DefaultAccountAdapter):
    """Lets in who has an account, says so, and slows down who guesses."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": gettext_lazy("The name or the password is wrong."),
        "too_many_login_attempts": gettext_lazy(
            "Too many failed sign-ins. Wait five minutes, then try again."
        ),
        "enter_current_password": gettext_lazy("This is not your password."),
        "incorrect_password": gettext_lazy("This is not your password."),
        "incorrect_code": gettext_lazy("This code is wrong or too old."),
        "rate_limited": gettext_lazy("Too many tries. Wait a few minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody makes an account but administrators."""
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """Our JSON twins are asked for by the address."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return whom the limits count for."""
        return client_address(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse who failed too often, and report it."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            name = str(credentials.get("username", ""))
            detail = gettext_noop("refused unread: too many failed sign-ins")
            report(request, Action.SIGN_IN, user=name, detail=detail, succeeded=False)
            raise

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Return whose name and password these are; somebody shut out is as unknown as anybody."""
        user: User | None = super().authenticate(request, **credentials)
        if user is None or user.is_active:
            return user
        report(
            request,
            Action.SIGN_IN,
            user=user.username,
            detail=gettext_noop("is shut out"),
            succeeded=False,
        )
        return None

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Report a wrong name or password."""
        name = str(credentials.get("username", ""))
        report(
            request,
            Action.SIGN_IN,
            user=name,
            detail=gettext_noop("wrong name or password"),
            succeeded=False,
        )
