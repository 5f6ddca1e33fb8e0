"""Records who signs in and out, and whose sign-in is refused, as Django tells it."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models import Q
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from registryui.audit.access import NOBODY, actor_of
from registryui.audit.actions import Action, Result
from registryui.audit.recording import Actor, record

UNKNOWN_NAME = "(a name that nobody has)"


@receiver(user_logged_in, dispatch_uid="audit")
def signed_in(sender: object, request: HttpRequest | None, user: Any, **more: object) -> None:
    """Record that somebody came in."""
    by = _by(request, name=user.get_username(), pk=user.pk)
    record(Action.SIGN_IN, by=by, subject=user.get_username(), now=timezone.now())


@receiver(user_logged_out, dispatch_uid="audit")
def signed_out(sender: object, request: HttpRequest | None, user: Any, **more: object) -> None:
    """Record that somebody left; nothing if nobody was there."""
    if user is not None:
        by = _by(request, name=user.get_username(), pk=user.pk)
        record(Action.SIGN_OUT, by=by, subject=user.get_username(), now=timezone.now())


@receiver(user_login_failed, dispatch_uid="audit")
def refused(
    sender: object, credentials: dict[str, Any], request: HttpRequest | None = None, **more: object
) -> None:
    """Record whose sign-in was refused, by a name that somebody has.

    What nobody is called may be a password that was typed into the wrong field.
    """
    tried = str(credentials.get("username") or credentials.get("email") or "")
    record(
        Action.SIGN_IN,
        by=_by(request, name=NOBODY, pk=None),
        subject=tried if _is_somebody(tried) else UNKNOWN_NAME,
        result=Result.REFUSED,
        reason="The name, the password or the second factor was wrong.",
        now=timezone.now(),
    )


def _is_somebody(tried: str) -> bool:
    if not tried or "\x00" in tried:
        return False
    users = get_user_model().objects
    return users.filter(Q(username=tried) | Q(email=tried)).exists()


def _by(request: HttpRequest | None, *, name: str, pk: int | None) -> Actor:
    if request is None:
        return Actor(name, id=pk)
    known = actor_of(request)
    return Actor(
        name,
        id=pk,
        teams=known.teams,
        address=known.address,
        via=known.via,
        request_id=known.request_id,
    )
