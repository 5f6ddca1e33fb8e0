"""All teams, and one of them with its people and grants."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _

from registryui.accounts.forms.teams import EVERYBODY
from registryui.accounts.models import Grant, Membership, Team
from registryui.accounts.pages.form import Form
from registryui.accounts.pages.parts import Crumb, grant_words


@dataclass(frozen=True, slots=True)
class TeamRow:
    """One team."""

    name: str = field(metadata={"help": "What people call it."})
    url: str = field(metadata={"help": "Address of its page."})
    external_group: str = field(metadata={"help": "The sign-in service's group, or empty."})
    member_count: int | None = field(
        metadata={"help": "How many people are in it; null for everybody who is signed in."}
    )
    grants: tuple[str, ...] = field(metadata={"help": "What they may do, in words."})


@dataclass(frozen=True, slots=True)
class TeamListPage:
    """All teams."""

    url: str = field(metadata={"help": "Address of this page."})
    teams: tuple[TeamRow, ...] = field(metadata={"help": "All of them, everybody first."})
    form: Form = field(metadata={"help": "What makes another one."})

    @classmethod
    def build(cls, teams: Iterable[Team], to_all: Iterable[Grant], form: Form) -> "TeamListPage":
        """Read teams whose members and grants are loaded with them."""
        everybody = TeamRow(
            name=_("Everybody who is signed in"),
            url=reverse("team-detail", args=[EVERYBODY]),
            external_group="",
            member_count=None,
            grants=_sentences(to_all),
        )
        rows = [
            TeamRow(
                name=team.name,
                url=reverse("team-detail", args=[team.slug]),
                external_group=team.external_group,
                member_count=len(team.memberships.all()),
                grants=_sentences(team.grants.all()),
            )
            for team in teams
        ]
        return cls(url=reverse("team-list"), teams=(everybody, *rows), form=form)


@dataclass(frozen=True, slots=True)
class MemberRow:
    """Somebody in a team."""

    name: str = field(metadata={"help": "The name to sign in with."})
    url: str = field(metadata={"help": "Address of their page; empty if you may not see it."})
    said_by: str = field(metadata={"help": "Who said that they are in it, in words."})
    remove_url: str = field(
        metadata={"help": "Where to send a form that takes them out; empty if you cannot."}
    )


@dataclass(frozen=True, slots=True)
class GrantRow:
    """Something that a team may do."""

    words: str = field(metadata={"help": "What, in words."})
    role: str = field(metadata={"help": "BROWSE, FILES, DELETE or MANAGE."})
    registry: str = field(metadata={"help": "In which registry; * for all."})
    pattern: str = field(metadata={"help": "With which repositories."})
    remove_url: str = field(
        metadata={"help": "Where to send a form that ends it; empty if you may not."}
    )


@dataclass(frozen=True, slots=True)
class TeamDetailPage:
    """One team: who is in it, and what they may do."""

    url: str = field(metadata={"help": "Address of this page."})
    crumbs: tuple[Crumb, ...] = field(metadata={"help": "The way up."})
    name: str = field(metadata={"help": "What people call it."})
    external_group: str = field(metadata={"help": "The sign-in service's group, or empty."})
    is_everybody: bool = field(metadata={"help": "Whether it is everybody who is signed in."})
    members: tuple[MemberRow, ...] = field(metadata={"help": "Who is in it, by name."})
    grants: tuple[GrantRow, ...] = field(metadata={"help": "What they may do."})
    member_form: Form | None = field(metadata={"help": "What adds somebody, if you may."})
    grant_form: Form | None = field(metadata={"help": "What shows a grant before it is made."})
    settings_form: Form | None = field(metadata={"help": "What changes name and group."})
    delete_url: str = field(metadata={"help": "Where the team can be deleted; empty if not."})


def member_rows(team: Team, *, may_change: bool) -> tuple[MemberRow, ...]:
    """Return who is in the team, by name."""
    memberships = team.memberships.select_related("user").order_by("user__username")
    return tuple(_member(team, each, may_change=may_change) for each in memberships)


def grant_rows(team: Team | None, *, may_change: bool) -> tuple[GrantRow, ...]:
    """Return what the team may do; without a team, everybody who is signed in."""
    slug = team.slug if team else EVERYBODY
    grants = Grant.objects.filter(team=team).order_by("registry", "pattern", "role")
    return tuple(
        GrantRow(
            words=grant_words(grant.role, grant.registry, grant.pattern),
            role=grant.role,
            registry=grant.registry,
            pattern=grant.pattern,
            remove_url=reverse("grant-remove", args=[slug, grant.pk]) if may_change else "",
        )
        for grant in grants
    )


def _member(team: Team, membership: Membership, *, may_change: bool) -> MemberRow:
    user = membership.user
    is_ours = membership.source == Membership.Source.LOCAL
    remove = reverse("member-remove", args=[team.slug, user.pk])
    return MemberRow(
        name=user.username,
        url=reverse("person-detail", args=[user.pk]) if may_change else "",
        said_by=str(membership.get_source_display()),
        remove_url=remove if may_change and is_ours else "",
    )


def _sentences(grants: Iterable[Grant]) -> tuple[str, ...]:
    return tuple(sorted(grant_words(g.role, g.registry, g.pattern) for g in grants))
