"""Coming in, and going."""

from allauth.account.internal import flows
from allauth.decorators import rate_limit
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from registryui.accounts.forms.sign_in import SignInForm
from registryui.accounts.http import NEXT, AccessRequest, where_to
from registryui.accounts.pages.form import Form
from registryui.accounts.pages.sign_in import EntrancePage
from registryui.accounts.reporting import Action, report
from registryui.accounts.views.services import services
from registryui.web.errors import SHUT_OUT, TOO_MANY, error_response
from registryui.web.http import PageRequest
from registryui.web.rendering import render_page


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@never_cache
@rate_limit(action="login")
def sign_in(request: PageRequest) -> HttpResponse:
    """Ask for name and password, and let in whose they are."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(where_to(request))
    form = SignInForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        response: HttpResponse = form.login(request, redirect_url=where_to(request))
        return response
    query = urlencode({NEXT: where_to(request)})
    page = EntrancePage(
        url=reverse("sign-in"),
        title=_("Sign in"),
        explanation="",
        form=Form.build(form, url=f"{reverse('sign-in')}?{query}", button=_("Sign in")),
        services=services(where_to(request)),
    )
    return render_page(request, "accounts/entrance.html", page)


@login_not_required
@require_POST
@never_cache
def sign_out(request: AccessRequest) -> HttpResponse:
    """End the session and lead to the sign-in."""
    if request.user.is_authenticated:
        report(request, Action.SIGN_OUT, user=request.user.get_username())
        flows.logout.logout(request)
    return HttpResponseRedirect(reverse("sign-in"))


@login_not_required
@never_cache
def inactive(request: HttpRequest) -> HttpResponse:
    """Tell whom a sign-in service vouches for, but an administrator shut out."""
    return error_response(request, SHUT_OUT)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """Answer 429 to who asks too often, and report it."""
    report(
        request,
        Action.SIGN_IN,
        user="",
        detail=gettext_noop("refused: too many tries"),
        succeeded=False,
    )
    return error_response(request, TOO_MANY)
