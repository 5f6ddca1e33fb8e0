"""Proving who one is: the code after the password, and both again before something sensitive."""

from collections.abc import Callable

from allauth.account.forms import ReauthenticateForm
from allauth.account.internal import flows
from allauth.account.internal.decorators import login_stage_required
from allauth.decorators import rate_limit
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as CodeAgainForm
from allauth.mfa.stages import AuthenticateStage
from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from registryui.accounts.doors import in_person
from registryui.accounts.http import NEXT, SignedInRequest, where_to
from registryui.accounts.pages.form import Form
from registryui.accounts.pages.sign_in import EntrancePage
from registryui.web.http import PageRequest, see_other
from registryui.web.rendering import render_page


@login_stage_required(stage=AuthenticateStage.key, redirect_urlname="account_login")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def code(request: PageRequest) -> HttpResponse:
    """Ask for the code of the app, or a recovery code, after the password was right."""
    stage = request._login_stage  # type: ignore[attr-defined]  # put there by the decorator
    form = AuthenticateForm(request.POST or None, user=stage.login.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        response: HttpResponse = stage.exit()
        return response
    page = EntrancePage(
        url=reverse("sign-in-code"),
        title=_("Second factor"),
        explanation=_("The code that your authenticator app shows now, or a recovery code."),
        form=Form.build(form, url=reverse("sign-in-code"), button=_("Sign in")),
        services=(),
    )
    return render_page(request, "accounts/entrance.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@in_person
@sensitive_post_parameters()
@never_cache
@rate_limit(action="reauthenticate")
def password_again(request: SignedInRequest) -> HttpResponse:
    """Ask for the password again, before something sensitive."""
    form = ReauthenticateForm(request.POST or None, user=request.user)
    form.fields["password"].help_text = ""

    def proven() -> None:
        flows.reauthentication.reauthenticate_by_password(request)

    return _ask(request, form, proven, "password-again")


@require_http_methods(["GET", "HEAD", "POST"])
@in_person
@never_cache
@rate_limit(action="reauthenticate")
def code_again(request: SignedInRequest) -> HttpResponse:
    """Ask for a code again, before something sensitive, of who has no password here."""
    form = CodeAgainForm(request.POST or None, user=request.user)
    return _ask(request, form, form.save, "code-again")


def _ask(
    request: SignedInRequest, form: forms.Form, proven: Callable[[], None], name: str
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        proven()
        return see_other(where_to(request))
    url = f"{reverse(name)}?{urlencode({NEXT: where_to(request)})}"
    page = EntrancePage(
        url=reverse(name),
        title=_("Is it you?"),
        explanation=_("What you want to do needs a fresh proof."),
        form=Form.build(form, url=url, button=_("Go on")),
        services=(),
    )
    return render_page(request, "accounts/entrance.html", page)
