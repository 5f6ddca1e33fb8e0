"""Changes people's roles and whether they may come in, and never locks everybody out."""

from collections.abc import Iterator
from contextlib import contextmanager

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction

from registryui.accounts.models import User


class LastAdministratorError(Exception):
    """Without this person nobody could let others in."""


def set_role(user: User, role: str) -> None:
    """Give somebody a role; raise LastAdministratorError if no administrator would be left."""
    with _leaving_an_administrator():
        user.role = role
        user.save(update_fields=["role"])


def set_active(user: User, *, is_active: bool) -> None:
    """Let somebody in again, or not any more; raise LastAdministratorError for the last one."""
    with _leaving_an_administrator():
        user.is_active = is_active
        user.save(update_fields=["is_active"])
    if not is_active:
        end_sessions(user)


def reset_two_factor(user: User) -> None:
    """Forget the second factors of somebody who lost them; sessions begun with them end."""
    Authenticator.objects.filter(user=user).delete()
    end_sessions(user)


def end_sessions(user: User) -> None:
    """Sign somebody out everywhere."""
    for session in UserSession.objects.filter(user=user):
        session.end()


@contextmanager
def _leaving_an_administrator() -> Iterator[None]:
    with transaction.atomic():
        # Whoever removes another one at the same time waits here, and then counts anew.
        before = list(User.objects.administrators().select_for_update())
        yield
        if before and not User.objects.administrators().exists():
            raise LastAdministratorError
