"""The pages of API tokens."""

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from registryui.accounts.doors import in_person
from registryui.accounts.forms.token import TokenForm
from registryui.accounts.http import SignedInRequest
from registryui.accounts.models import ApiToken
from registryui.accounts.pages.form import Form
from registryui.accounts.pages.tokens import TokenListPage
from registryui.accounts.reporting import Action, report
from registryui.web.http import see_other
from registryui.web.rendering import render_page


@require_http_methods(["GET", "HEAD", "POST"])
@in_person
@never_cache
def token_list(request: SignedInRequest) -> HttpResponse:
    """Show my API tokens, and make another one, which is shown once."""
    now, secret = timezone.now(), ""
    form = TokenForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        secret = form.save(now=now)
        detail = gettext_noop("made “{name}”").format(name=form.cleaned_data["name"])
        report(request, Action.API_TOKEN, user=request.user.username, detail=detail)
        form = TokenForm(user=request.user)
    part = Form.build(form, url=reverse("token-list"), button=_("Make a token"))
    page = TokenListPage.build(request.user, part, now=now, secret=secret)
    return render_page(request, "accounts/token_list.html", page)


@require_POST
@in_person
def token_revoke(request: SignedInRequest, token: int) -> HttpResponse:
    """End a token of mine; an administrator ends anybody's."""
    row = ApiToken.objects.filter(pk=token).select_related("user").first()
    if row is None or not (row.user == request.user or request.access.is_administrator):
        raise Http404
    row.delete()
    detail = gettext_noop("revoked “{name}” of {user}").format(
        name=row.name, user=row.user.username
    )
    report(request, Action.API_TOKEN, user=request.user.username, detail=detail)
    if row.user == request.user:
        return see_other(reverse("token-list"))
    return see_other(reverse("person-detail", args=[row.user.pk]))
