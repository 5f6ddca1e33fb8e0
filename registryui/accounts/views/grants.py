"""Granting: shown as a sentence first, then done."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from registryui.accounts.doors import for_administrators
from registryui.accounts.forms.teams import EVERYBODY, GrantForm
from registryui.accounts.http import AccessRequest
from registryui.accounts.models import Grant, Team
from registryui.accounts.pages.form import Form
from registryui.accounts.pages.parts import Crumb, FormPage, grant_words
from registryui.accounts.reporting import Action, report
from registryui.web.http import see_other
from registryui.web.rendering import render_page


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
@never_cache
def grant_add(request: AccessRequest, team: str) -> HttpResponse:
    """Say in words what a grant would allow, and make it."""
    row = _team(team)
    form = GrantForm(request.POST if request.method == "POST" else request.GET or None)
    words = ""
    if form.is_valid():
        sent = form.cleaned_data
        words = _sentence(row, sent["role"], sent["registry"], sent["pattern"])
        if request.method == "POST":
            Grant.objects.get_or_create(team=row, **sent)
            report(
                request,
                Action.GRANT,
                user=request.access.name,
                detail=gettext_noop("granted: {sentence}").format(sentence=words),
            )
            return see_other(_address(row))
        for field in form.fields.values():
            field.widget = forms.HiddenInput()
    page = FormPage(
        url=request.path,
        crumbs=(Crumb(_("Teams"), reverse("team-list")), Crumb(_name(row), _address(row))),
        title=_("Grant this") if words else _("What to grant"),
        explanation=words,
        form=Form.build(form, url=request.path, button=_("Grant") if words else _("Grant…")),
    )
    return render_page(request, "accounts/form_page.html", page)


@require_POST
@for_administrators
def grant_remove(request: AccessRequest, team: str, grant: int) -> HttpResponse:
    """End a grant."""
    row = _team(team)
    found = get_object_or_404(Grant, pk=grant, team=row)
    found.delete()
    words = _sentence(row, found.role, found.registry, found.pattern)
    detail = gettext_noop("ended: {sentence}").format(sentence=words)
    report(request, Action.GRANT, user=request.access.name, detail=detail)
    return see_other(_address(row))


def _team(slug: str) -> Team | None:
    return None if slug == EVERYBODY else get_object_or_404(Team, slug=slug)


def _name(team: Team | None) -> str:
    return team.name if team else _("Everybody")


def _sentence(team: Team | None, role: str, registry: str, pattern: str) -> str:
    """Return in English what somebody may; it is written into the audit log, too."""
    may = grant_words(role, registry, pattern)
    if team is None:
        return gettext_noop("Everybody who is signed in may {operation}.").format(operation=may)
    return gettext_noop("Members of {team} may {operation}.").format(team=team.name, operation=may)


def _address(team: Team | None) -> str:
    return reverse("team-detail", args=[team.slug if team else EVERYBODY])
