"""What a sign-in service says of somebody's groups becomes teams, and a role."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_noop

from registryui.accounts.models import Membership, Team, User
from registryui.accounts.reporting import Action, report

MOST_GROUPS = 2000
LONGEST = 200

_OUT_OF_TEAM = gettext_noop("out of team {team}")
_INTO_TEAM = gettext_noop("into team {team}")


def group_names(claimed: Any) -> tuple[str, ...]:
    """Return the names in whatever a service claims: a list of texts, or one text."""
    listed = [claimed] if isinstance(claimed, str) else claimed
    if not isinstance(listed, (list, tuple, set, frozenset)):
        return ()
    names = (each.strip()[:LONGEST] for each in listed if isinstance(each, str))
    return tuple(sorted({name for name in names if name}))[:MOST_GROUPS]


def apply_groups(
    request: HttpRequest | None, user: User, *, service: str, groups: Iterable[str]
) -> None:
    """Put somebody into the teams that their groups fill, and take them out of the others.

    Whom an administrator put into a team stays there. Roles are given only where the settings name
    groups for them; then the service decides at each sign-in.
    """
    held = set(groups)
    with transaction.atomic():
        user.source = service
        changes = [*_change_role(user, held), *_change_teams(user, held)]
        user.save(update_fields=["source", "role"])
    for change in changes:
        detail = gettext_noop("by {service}: {sentence}").format(service=service, sentence=change)
        report(request, Action.PERSON, user=user.username, detail=detail)


def _change_teams(user: User, held: set[str]) -> list[str]:
    filled = Team.objects.filter(external_group__in=held).exclude(external_group="")
    wanted = {team.pk: team for team in filled}
    said = user.memberships.filter(source=Membership.Source.EXTERNAL).select_related("team")
    over = [each for each in said if each.team_id not in wanted]
    Membership.objects.filter(pk__in=[each.pk for each in over]).delete()
    changes = [_OUT_OF_TEAM.format(team=each.team.name) for each in over]
    for team in wanted.values():
        external = {"source": Membership.Source.EXTERNAL}
        _, is_new = Membership.objects.get_or_create(team=team, user=user, defaults=external)
        if is_new:
            changes.append(_INTO_TEAM.format(team=team.name))
    return changes


def _change_role(user: User, held: set[str]) -> list[str]:
    if not (settings.ADMINISTRATOR_GROUPS or settings.AUDITOR_GROUPS):
        return []
    role = User.Role.MEMBER
    if held & set(settings.ADMINISTRATOR_GROUPS):
        role = User.Role.ADMINISTRATOR
    elif held & set(settings.AUDITOR_GROUPS):
        role = User.Role.AUDITOR
    if role == user.role:
        return []
    user.role = role
    return [gettext_noop("now {what}").format(what=role.lower())]
