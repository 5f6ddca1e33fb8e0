"""The pages behind links that work once."""

from allauth.account.internal import flows
from allauth.account.models import Login
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from registryui.accounts import links
from registryui.accounts.forms.password import NewPasswordForm, SetUpForm
from registryui.accounts.models import OneTimeLink, User
from registryui.accounts.pages.form import Form
from registryui.accounts.pages.sign_in import EntrancePage
from registryui.accounts.reporting import Action, report
from registryui.web.errors import ErrorPage, error_response
from registryui.web.http import PageRequest
from registryui.web.rendering import render_page

USED_UP = ErrorPage(
    404,
    gettext_noop("This link does not work any more"),
    gettext_noop("It works once, for a day; this one was used, is too old, or never was."),
    gettext_noop(
        "Ask an administrator for another one. If there is none yet: manage.py setuplink."
    ),
)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@sensitive_variables("secret")
@never_cache
def set_up(request: PageRequest, secret: str) -> HttpResponse:
    """Make the first administrator, once, for whoever was given the link."""
    now = timezone.now()
    link = links.find(OneTimeLink.Purpose.SET_UP, secret, now=now)
    if link is None:
        return _refuse(request)
    form = SetUpForm(request.POST or None, user=User(role=User.Role.ADMINISTRATOR))
    if request.method == "POST" and form.is_valid():
        return _let_in(request, link, form, gettext_noop("became the first administrator"))
    page = EntrancePage(
        url=request.path,
        title=_("Set up Registry UI"),
        explanation=_("You become its first administrator, who lets others in."),
        form=Form.build(form, url=request.path, button=_("Set up")),
        services=(),
    )
    return render_page(request, "accounts/entrance.html", page)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@sensitive_variables("secret")
@never_cache
def choose_password(request: PageRequest, secret: str) -> HttpResponse:
    """Let somebody choose a password, once, by the link an administrator gave them."""
    link = links.find(OneTimeLink.Purpose.PASSWORD, secret, now=timezone.now())
    if link is None or link.user is None:
        return _refuse(request)
    form = NewPasswordForm(request.POST or None, user=link.user)
    if request.method == "POST" and form.is_valid():
        return _let_in(request, link, form, gettext_noop("chose a password by a link"))
    page = EntrancePage(
        url=request.path,
        title=_("Choose a password"),
        explanation=_("You will sign in as %(user)s.") % {"user": link.user.username},
        form=Form.build(form, url=request.path, button=_("Save and sign in")),
        services=(),
    )
    return render_page(request, "accounts/entrance.html", page)


def _let_in(
    request: PageRequest, link: OneTimeLink, form: NewPasswordForm, what: str
) -> HttpResponse:
    with transaction.atomic():
        if not links.use_up(link, now=timezone.now()):
            return _refuse(request)
        user = form.save()
    report(request, Action.PASSWORD, user=user.username, detail=what)
    if request.user.is_authenticated:
        flows.logout.logout(request)
    login = Login(user=user, redirect_url=reverse("registry-list"))
    credentials = {"username": user.username}
    response: HttpResponse = flows.login.perform_password_login(request, credentials, login)
    return response


def _refuse(request: PageRequest) -> HttpResponse:
    report(
        request,
        Action.LINK,
        user="",
        detail=gettext_noop("it does not work any more"),
        succeeded=False,
    )
    return error_response(request, USED_UP)
