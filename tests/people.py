"""People by what they may do, for tests of who may see and do what."""

from registryui.accounts.access import Access, access_of
from registryui.accounts.models import Grant, Membership, Team, User

TEAM_PATTERN = "library/*"
NAMES = ("maintainer", "member", "outsider", "auditor", "administrator")


def make_people(pattern: str = TEAM_PATTERN) -> dict[str, User]:
    """Make one of each: two in teams that may browse or manage ``pattern``, three in none."""
    people = {name: User.objects.create_user(name, password=f"{name}-password") for name in NAMES}
    for name, role in (("auditor", User.Role.AUDITOR), ("administrator", User.Role.ADMINISTRATOR)):
        people[name].role = role
        people[name].save()
    for name, granted in (("member", Grant.Role.BROWSE), ("maintainer", Grant.Role.MANAGE)):
        team = Team.objects.create(name=f"{name}s", slug=f"{name}s")
        Membership.objects.create(team=team, user=people[name])
        Grant.objects.create(team=team, role=granted, pattern=pattern)
    return people


def access(name: str, people: dict[str, User]) -> Access:
    """Return what one of them may see and do now."""
    return access_of(people[name])
