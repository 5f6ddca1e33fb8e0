"""The pages of teams: who is in them, and what they may do."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registryui.accounts.doors import for_administrators, for_the_signed_in
from registryui.accounts.forms.teams import EVERYBODY, GrantForm, MemberForm, TeamForm
from registryui.accounts.http import AccessRequest
from registryui.accounts.models import Grant, Membership, Team
from registryui.accounts.pages.form import Form
from registryui.accounts.pages.parts import Crumb, FormPage
from registryui.accounts.pages.teams import (
    TeamDetailPage,
    TeamListPage,
    grant_rows,
    member_rows,
)
from registryui.accounts.reporting import Action, report
from registryui.web.http import see_other
from registryui.web.rendering import render_page


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
@never_cache
def team_list(request: AccessRequest) -> HttpResponse:
    """Show all teams, and make another one."""
    form = TeamForm(request.POST or None, team=Team())
    if request.method == "POST" and form.is_valid():
        team = form.save()
        report(
            request,
            Action.TEAM,
            user=request.access.name,
            detail=gettext_noop("made team {team}").format(team=team.name),
        )
        return see_other(_address(team))
    teams = Team.objects.prefetch_related("memberships", "grants")
    part = Form.build(form, url=reverse("team-list"), button=_("Make a team"))
    page = TeamListPage.build(teams, Grant.objects.filter(team=None), part)
    return render_page(request, "accounts/team_list.html", page)


@require_safe
@for_the_signed_in
@never_cache
def team_detail(request: AccessRequest, team: str) -> HttpResponse:
    """Show one team: who is in it, and what they may do."""
    return _detail(request, _visible(request, team))


@require_POST
@for_administrators
def team_change(request: AccessRequest, team: str) -> HttpResponse:
    """Change a team's name, or the group of the sign-in service that fills it."""
    row = get_object_or_404(Team, slug=team)
    form = TeamForm(request.POST, team=row)
    if not form.is_valid():
        row.refresh_from_db()
        return _detail(request, row, settings=form)
    form.save()
    detail = gettext_noop("changed team {name}, filled by group “{external_group}”").format(
        name=row.name, external_group=row.external_group
    )
    report(request, Action.TEAM, user=request.access.name, detail=detail)
    return see_other(_address(row))


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
@never_cache
def team_delete(request: AccessRequest, team: str) -> HttpResponse:
    """Say what would be lost with a team, and delete it."""
    row = get_object_or_404(Team, slug=team)
    if request.method == "POST":
        row.delete()
        report(
            request,
            Action.TEAM,
            user=request.access.name,
            detail=gettext_noop("deleted team {name}").format(name=row.name),
        )
        return see_other(reverse("team-list"))
    people, grants = row.memberships.count(), row.grants.count()
    page = FormPage(
        url=request.path,
        crumbs=(Crumb(_("Teams"), reverse("team-list")), Crumb(row.name, _address(row))),
        title=_("Delete team %(name)s") % {"name": row.name},
        explanation=_(
            "People in it: %(people)s. They lose what the team may do: %(grants)s grants. "
            "Nobody's account and no image is deleted."
        )
        % {"people": people, "grants": grants},
        form=Form(
            url=request.path,
            method="post",
            button=_("Delete the team"),
            fields=(),
            errors=(),
            is_dangerous=True,
        ),
    )
    return render_page(request, "accounts/form_page.html", page)


@require_POST
@for_administrators
def member_add(request: AccessRequest, team: str) -> HttpResponse:
    """Put somebody into a team."""
    row = get_object_or_404(Team, slug=team)
    form = MemberForm(request.POST)
    if not form.is_valid() or form.person is None:
        return _detail(request, row, member=form)
    local = {"source": Membership.Source.LOCAL}
    Membership.objects.update_or_create(team=row, user=form.person, defaults=local)
    detail = gettext_noop("put {person} into team {name}").format(
        person=form.person.username, name=row.name
    )
    report(request, Action.TEAM, user=request.access.name, detail=detail)
    return see_other(_address(row))


@require_POST
@for_administrators
def member_remove(request: AccessRequest, team: str, person: int) -> HttpResponse:
    """Take somebody out of a team whom an administrator put there."""
    memberships = Membership.objects.select_related("team", "user")
    row = get_object_or_404(
        memberships, team__slug=team, user=person, source=Membership.Source.LOCAL
    )
    row.delete()
    detail = gettext_noop("took {user} out of team {team}").format(
        user=row.user.username, team=row.team.name
    )
    report(request, Action.TEAM, user=request.access.name, detail=detail)
    return see_other(_address(row.team))


def _address(team: Team | None) -> str:
    return reverse("team-detail", args=[team.slug if team else EVERYBODY])


def _way_up(*, may_change: bool) -> Crumb:
    """Return the page that leads to a team: the list of all is for administrators alone."""
    return (
        Crumb(_("Teams"), reverse("team-list"))
        if may_change
        else Crumb(_("Account"), reverse("account"))
    )


def _visible(request: AccessRequest, slug: str) -> Team | None:
    """Return the team, or None for everybody; others' teams are none of a member's business."""
    if slug == EVERYBODY:
        return None
    access = request.access
    team = get_object_or_404(Team, slug=slug)
    if access.reads_audit or team.memberships.filter(user=access.user_id).exists():
        return team
    raise Http404


def _detail(
    request: AccessRequest,
    team: Team | None,
    *,
    member: MemberForm | None = None,
    settings: TeamForm | None = None,
) -> HttpResponse:
    may_change = request.access.is_administrator
    page = TeamDetailPage(
        url=_address(team),
        crumbs=(_way_up(may_change=may_change),),
        name=team.name if team else _("Everybody who is signed in"),
        external_group=team.external_group if team else "",
        is_everybody=team is None,
        members=member_rows(team, may_change=may_change) if team else (),
        grants=grant_rows(team, may_change=may_change),
        grant_form=_grant_form(team) if may_change else None,
        member_form=_part(member or MemberForm(), team, "member-add", _("Add"))
        if team and may_change
        else None,
        settings_form=_part(settings or TeamForm(team=team), team, "team-change", _("Save"))
        if team and may_change
        else None,
        delete_url=reverse("team-delete", args=[team.slug]) if team and may_change else "",
    )
    return render_page(request, "accounts/team_detail.html", page)


def _part(form: MemberForm | TeamForm, team: Team, name: str, button: str) -> Form:
    return Form.build(form, url=reverse(name, args=[team.slug]), button=button)


def _grant_form(team: Team | None) -> Form:
    url = reverse("grant-add", args=[team.slug if team else EVERYBODY])
    return Form.build(GrantForm(), url=url, button=_("Grant…"), method="get")
