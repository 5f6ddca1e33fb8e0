"""Records what the accounts tell: who comes in, who is refused, whose rights are changed."""

from typing import Any

from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext_noop

from registryui.accounts.models import User
from registryui.accounts.signals import something_happened
from registryui.audit.access import NOBODY
from registryui.audit.actions import Action, Result, Via
from registryui.audit.recording import Actor, record
from registryui.audit.strangers import MOST_A_MINUTE, NO_MORE, count_refusal

UNKNOWN_NAME = gettext_noop("(a name that nobody has)")


@receiver(something_happened, dispatch_uid="audit")
def remember(
    sender: object, *, action: str, user: str, detail: str, succeeded: bool, **more: Any
) -> None:
    """Record what happened, by whom as far as it is known.

    What nobody is called may be a password that was typed into the wrong field. Refusals cost
    whoever tries nothing, so of too many from one address the log says no more than that.
    """
    now, address = timezone.now(), str(more.get("address", ""))
    if not succeeded and address:
        count = count_refusal(address, now=now)
        if count > MOST_A_MINUTE:
            return
        detail += NO_MORE if count == MOST_A_MINUTE else ""
    person = User.objects.filter(username__iexact=user).first() if user else None
    is_proved = succeeded and person is not None
    record(
        Action(action),
        by=Actor(
            name=person.username if is_proved and person else NOBODY,
            id=person.pk if is_proved and person else None,
            teams=_teams_of(person) if is_proved else (),
            address=address,
            via=_via(action, user),
            request_id=str(more.get("request_id", "")),
        ),
        subject="" if succeeded else _tried(user, person),
        result=Result.DONE if succeeded else Result.REFUSED,
        reason=detail,
        now=now,
    )


def _tried(user: str, person: User | None) -> str:
    if not user:
        return ""
    return person.username if person is not None else UNKNOWN_NAME


def _teams_of(person: User | None) -> tuple[str, ...]:
    return tuple(person.teams.values_list("name", flat=True)) if person is not None else ()


def _via(action: str, user: str) -> str:
    is_token = action == Action.API_TOKEN
    return (Via.TOKEN if is_token else Via.SESSION if user else Via.COMMAND).value
