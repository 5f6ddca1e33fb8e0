"""The pages of one's own account."""

from allauth.account.internal import flows
from allauth.decorators import rate_limit
from allauth.usersessions.models import UserSession
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registryui.accounts.doors import in_person
from registryui.accounts.forms.password import ChangePasswordForm
from registryui.accounts.http import SignedInRequest
from registryui.accounts.pages.account import AccountPage
from registryui.accounts.pages.form import Form
from registryui.accounts.pages.parts import Crumb, FormPage
from registryui.accounts.reporting import Action, report
from registryui.web.errors import NOT_FOUND, error_response
from registryui.web.http import see_other
from registryui.web.rendering import render_page


@require_safe
@in_person
@never_cache
def account(request: SignedInRequest) -> HttpResponse:
    """Show who I am here, what I may do, and what opens the door for me."""
    sessions = UserSession.objects.purge_and_list(request.user)
    sessions.sort(key=lambda each: each.created_at, reverse=True)
    page = AccountPage.build(request.user, sessions)
    return render_page(request, "accounts/account.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@in_person
@sensitive_post_parameters()
@never_cache
@rate_limit(action="change_password")
def password(request: SignedInRequest) -> HttpResponse:
    """Change my password; all my other sessions end."""
    if not request.user.has_usable_password():
        return error_response(request, NOT_FOUND)
    form = ChangePasswordForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        flows.password_change.finalize_password_change(request, request.user)
        report(
            request, Action.PASSWORD, user=request.user.username, detail=gettext_noop("changed it")
        )
        return see_other(reverse("account"))
    page = FormPage(
        url=reverse("password"),
        crumbs=(Crumb(_("Account"), reverse("account")),),
        title=_("Change the password"),
        explanation=_("Wherever else you are signed in, you will be signed out."),
        form=Form.build(form, url=reverse("password"), button=pgettext("button", "Change")),
    )
    return render_page(request, "accounts/form_page.html", page)


@require_POST
@in_person
def session_end(request: SignedInRequest, session: int) -> HttpResponse:
    """Sign out one browser of mine."""
    row = get_object_or_404(UserSession, pk=session, user=request.user)
    row.end()
    report(
        request,
        Action.SIGN_OUT,
        user=request.user.username,
        detail=gettext_noop("of another browser"),
    )
    return see_other(reverse("account"))


@require_POST
@in_person
def sessions_end(request: SignedInRequest) -> HttpResponse:
    """Sign out everywhere, here too."""
    for row in UserSession.objects.filter(user=request.user):
        row.end()
    report(request, Action.SIGN_OUT, user=request.user.username, detail="everywhere")
    flows.logout.logout(request)
    return see_other(reverse("sign-in"))
