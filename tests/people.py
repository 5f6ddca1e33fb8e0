"""People by what they may do, for tests of who may see and do what."""

from django.test import Client

from registryui.accounts.models import Grant, Membership, Team, User

TEAM_PATTERN = "library/*"
NAMES = ("maintainer", "member", "outsider", "auditor", "administrator")


def make_people(pattern: str = TEAM_PATTERN) -> dict[str, User]:
    """Make one of each: two in teams that may browse or manage ``pattern``, three in none."""
    people = {name: User.objects.create_user(name, password=f"{name}-password") for name in NAMES}
    for name in ("auditor", "administrator"):
        people[name].role = User.Role[name.upper()]
        people[name].save()
    for name, granted in (("member", Grant.Role.BROWSE), ("maintainer", Grant.Role.MANAGE)):
        team = Team.objects.create(name=f"{name}s", slug=f"{name}s")
        Membership.objects.create(team=team, user=people[name])
        Grant.objects.create(team=team, role=granted, pattern=pattern)
    return people


def browser_of(role: str) -> Client:
    """Return the browser of somebody with this role, and in no team, who has signed in."""
    browser = Client()
    browser.force_login(User.objects.create_user("olga", role=role))
    return browser


def administrators_browser() -> Client:
    """Return the browser of an administrator who has signed in."""
    return browser_of(User.Role.ADMINISTRATOR)
