"""What somebody sees of their own account."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from registryui.accounts.models import Grant, Membership, User
from registryui.accounts.pages.browsers import browser_in
from registryui.accounts.pages.parts import grant_words

ROLES = {
    User.Role.MEMBER: gettext_noop("member: may do what the teams may"),
    User.Role.AUDITOR: gettext_noop("auditor: reads everything, changes nothing"),
    User.Role.ADMINISTRATOR: gettext_noop("administrator: may do everything"),
}


@dataclass(frozen=True, slots=True)
class TeamPart:
    """A team that somebody is in."""

    name: str = field(metadata={"help": "What people call it."})
    url: str = field(metadata={"help": "Address of its page."})
    said_by: str = field(metadata={"help": "Who said that the person is in it, in words."})


@dataclass(frozen=True, slots=True)
class SessionPart:
    """A browser in which somebody is signed in."""

    address: str = field(metadata={"help": "Where it was when it signed in."})
    browser: str = field(metadata={"help": "What it says it is."})
    began_at: datetime = field(metadata={"help": "When it signed in."})
    is_this: bool = field(metadata={"help": "Whether this page is shown by it."})
    end_url: str = field(metadata={"help": "Where to send a form that signs it out."})


@dataclass(frozen=True, slots=True)
class AccountPage:
    """Who I am here, what I may do, and what opens the door for me."""

    url: str = field(metadata={"help": "Address of this page."})
    name: str = field(metadata={"help": "The name to sign in with."})
    role: str = field(metadata={"help": "What the role means, in words."})
    source: str = field(metadata={"help": "The sign-in service; empty for a local account."})
    teams: tuple[TeamPart, ...] = field(metadata={"help": "The teams the person is in."})
    grants: tuple[str, ...] = field(metadata={"help": "What these may do, in words."})
    language: str = field(metadata={"help": "The language of the pages; empty for the browser's."})
    has_password: bool = field(metadata={"help": "Whether a password opens the door."})
    has_two_factor: bool = field(metadata={"help": "Whether a code is asked for, too."})
    token_count: int = field(metadata={"help": "How many API tokens there are."})
    sessions: tuple[SessionPart, ...] = field(
        metadata={"help": "Where the person is signed in, newest first."}
    )

    @classmethod
    def build(cls, user: User, sessions: Iterable[UserSession]) -> "AccountPage":
        """Read the account of somebody who is signed in."""
        return cls(
            url=reverse("account"),
            name=user.username,
            role=_(ROLES[User.Role(user.role)]),
            source=user.source,
            teams=teams_of(user),
            grants=grants_of(user),
            language=user.language,
            has_password=user.has_usable_password(),
            has_two_factor=is_mfa_enabled(user),
            token_count=user.api_tokens.count(),
            sessions=tuple(_session(each) for each in sessions),
        )


def teams_of(user: User) -> tuple[TeamPart, ...]:
    """Return the teams somebody is in, by name."""
    memberships = user.memberships.select_related("team").order_by("team__name")
    return tuple(_team(each) for each in memberships)


def grants_of(user: User) -> tuple[str, ...]:
    """Return in words what a member may do by teams, and as everybody who is signed in."""
    if user.role != User.Role.MEMBER:
        return ()
    held = Grant.objects.held_by(user.pk).order_by("registry", "pattern", "role")
    return tuple(dict.fromkeys(grant_words(g.role, g.registry, g.pattern) for g in held))


def _team(membership: Membership) -> TeamPart:
    team = membership.team
    url = reverse("team-detail", args=[team.slug])
    return TeamPart(team.name, url, str(membership.get_source_display()))


def _session(session: UserSession) -> SessionPart:
    return SessionPart(
        address=str(session.ip),
        browser=browser_in(session.user_agent),
        began_at=session.created_at,
        is_this=session.is_current(),
        end_url=reverse("session-end", args=[session.pk]),
    )
