"""Everybody who may come in, and one of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from allauth.mfa.utils import is_mfa_enabled
from django.urls import reverse
from django.utils.translation import gettext as _

from registryui.accounts.models import User
from registryui.accounts.pages.account import ROLES, TeamPart, grants_of, teams_of
from registryui.accounts.pages.form import Form
from registryui.accounts.pages.parts import Crumb
from registryui.accounts.pages.tokens import TokenRow
from registryui.web.pagination import Pagination


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person."""

    name: str = field(metadata={"help": "The name to sign in with."})
    url: str = field(metadata={"help": "Address of their page."})
    role: str = field(metadata={"help": "MEMBER, AUDITOR or ADMINISTRATOR."})
    source: str = field(metadata={"help": "The sign-in service; empty for a local account."})
    is_active: bool = field(metadata={"help": "Whether they may sign in."})
    teams: tuple[str, ...] = field(metadata={"help": "The names of their teams."})
    last_sign_in_at: datetime | None = field(metadata={"help": "When they last signed in."})

    @classmethod
    def build(cls, user: User) -> "PersonRow":
        """Read a person whose teams are loaded with them."""
        return cls(
            name=user.username,
            url=reverse("person-detail", args=[user.pk]),
            role=user.role,
            source=user.source,
            is_active=user.is_active,
            teams=tuple(team.name for team in user.teams.all()),
            last_sign_in_at=user.last_login,
        )


@dataclass(frozen=True, slots=True)
class PersonListPage:
    """Everybody who has an account."""

    url: str = field(metadata={"help": "Address of this page."})
    name: str = field(metadata={"help": "The part of a name that was looked for."})
    people: tuple[PersonRow, ...] = field(metadata={"help": "Those of this page, by name."})
    pagination: Pagination = field(metadata={"help": "Where in the list the page stands."})
    form: Form = field(metadata={"help": "What adds somebody."})
    link: str = field(
        metadata={
            "help": "By which the person just added chooses a password, shown once; or empty."
        }
    )
    link_is_for: str = field(metadata={"help": "That person's name, or empty."})


@dataclass(frozen=True, slots=True)
class Button:
    """Something that can be done by one press."""

    text: str = field(metadata={"help": "What it does, in words."})
    url: str = field(metadata={"help": "Where to send an empty form."})
    explanation: str = field(metadata={"help": "What will be so afterwards."})
    is_dangerous: bool = field(metadata={"help": "Whether somebody loses something by it."})


@dataclass(frozen=True, slots=True)
class PersonDetailPage:
    """One person: what they may do, and what an administrator can do for them."""

    url: str = field(metadata={"help": "Address of this page."})
    crumbs: tuple[Crumb, ...] = field(metadata={"help": "The way up."})
    name: str = field(metadata={"help": "The name to sign in with."})
    role: str = field(metadata={"help": "What the role means, in words."})
    source: str = field(metadata={"help": "The sign-in service; empty for a local account."})
    is_active: bool = field(metadata={"help": "Whether they may sign in."})
    has_password: bool = field(metadata={"help": "Whether a password opens the door."})
    has_two_factor: bool = field(metadata={"help": "Whether a code is asked for, too."})
    last_sign_in_at: datetime | None = field(metadata={"help": "When they last signed in."})
    teams: tuple[TeamPart, ...] = field(metadata={"help": "The teams they are in."})
    grants: tuple[str, ...] = field(metadata={"help": "What these may do, in words."})
    tokens: tuple[TokenRow, ...] = field(metadata={"help": "Their API tokens."})
    form: Form = field(metadata={"help": "What changes the role."})
    buttons: tuple[Button, ...] = field(metadata={"help": "What else can be done."})
    link: str = field(metadata={"help": "By which they choose a password, shown once; or empty."})

    @classmethod
    def build(cls, user: User, form: Form, *, now: datetime, link: str = "") -> "PersonDetailPage":
        """Read the page of one person."""
        has_two_factor = is_mfa_enabled(user)
        return cls(
            url=reverse("person-detail", args=[user.pk]),
            crumbs=(Crumb(_("People"), reverse("person-list")),),
            name=user.username,
            role=_(ROLES[User.Role(user.role)]),
            source=user.source,
            is_active=user.is_active,
            has_password=user.has_usable_password(),
            has_two_factor=has_two_factor,
            last_sign_in_at=user.last_login,
            teams=teams_of(user),
            grants=grants_of(user),
            tokens=tuple(TokenRow.build(each, now=now) for each in user.api_tokens.all()),
            form=form,
            buttons=tuple(_buttons(user, has_two_factor=has_two_factor)),
            link=link,
        )


def _buttons(user: User, *, has_two_factor: bool) -> Sequence[Button]:
    def to(name: str) -> str:
        return reverse(name, args=[user.pk])

    if not user.is_active:
        back = _("They may sign in again, with the rights they had.")
        return [Button(_("Let in again"), to("person-enable"), back, is_dangerous=False)]
    buttons = []
    if not user.source:
        new = _("Makes a link that works once, for a day; the password they have stays until then.")
        buttons.append(Button(_("New password link"), to("person-link"), new, is_dangerous=False))
    if has_two_factor:
        lost = _(
            "For somebody who lost the phone and the recovery codes. Signs them out everywhere."
        )
        buttons.append(
            Button(_("Reset two-factor"), to("person-two-factor-reset"), lost, is_dangerous=True)
        )
    out = _("They cannot sign in any more, their sessions end and their tokens open nothing.")
    return [*buttons, Button(_("Shut out"), to("person-disable"), out, is_dangerous=True)]
