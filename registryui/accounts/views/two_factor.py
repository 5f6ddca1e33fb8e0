"""Turning a second factor on and off."""

from typing import cast

from allauth.account.decorators import reauthentication_required
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal import flows as recovery
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal import flows
from allauth.mfa.totp.internal.auth import get_totp_secret
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registryui.accounts.doors import in_person
from registryui.accounts.http import SignedInRequest
from registryui.accounts.models import User
from registryui.accounts.pages.form import Form
from registryui.accounts.pages.parts import Crumb, FormPage
from registryui.accounts.pages.two_factor import (
    RecoveryCodesPage,
    TwoFactorOnPage,
    TwoFactorPage,
)
from registryui.web.http import see_other
from registryui.web.rendering import render_page

again = reauthentication_required(app="allauth.mfa")


@require_safe
@in_person
@never_cache
def two_factor(request: SignedInRequest) -> HttpResponse:
    """Say whether a code is asked for at sign-in, and how to change that."""
    page = TwoFactorPage(
        url=reverse("two-factor"),
        crumbs=_crumbs()[:1],
        is_on=_factor(request.user) is not None,
        codes_left=len(_unused_codes(request.user)),
    )
    return render_page(request, "accounts/two_factor.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@in_person
@again
@never_cache
def two_factor_on(request: SignedInRequest) -> HttpResponse:
    """Show what an authenticator app needs, and turn it on when a code proves that it works."""
    if _factor(request.user) is not None:
        return see_other(reverse("two-factor"))
    form = ActivateTOTPForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        flows.activate_totp(request, form)
        return see_other(reverse("recovery-codes"))
    page = TwoFactorOnPage(
        url=reverse("two-factor-on"),
        crumbs=_crumbs(),
        picture_url=reverse("two-factor-picture"),
        secret=form.secret,
        form=Form.build(form, url=reverse("two-factor-on"), button=_("Turn on")),
    )
    return render_page(request, "accounts/two_factor_on.html", page)


@require_safe
@in_person
@again
@never_cache
def two_factor_picture(request: SignedInRequest) -> HttpResponse:
    """Draw what an authenticator app scans; a picture within the page the policy forbids."""
    adapter = get_adapter()
    url = adapter.build_totp_url(request.user, get_totp_secret())
    return HttpResponse(adapter.build_totp_svg(url), "image/svg+xml")


@require_http_methods(["GET", "HEAD", "POST"])
@in_person
@again
@never_cache
def two_factor_off(request: SignedInRequest) -> HttpResponse:
    """Ask for no code any more."""
    factor = get_object_or_404(Authenticator, user=request.user, type=Authenticator.Type.TOTP)
    if request.method == "POST":
        flows.deactivate_totp(request, factor)
        return see_other(reverse("two-factor"))
    page = FormPage(
        url=reverse("two-factor-off"),
        crumbs=_crumbs(),
        title=_("Turn two-factor off"),
        explanation=_("Whoever knows your password can then sign in. The recovery codes end, too."),
        form=_button(reverse("two-factor-off"), _("Turn off")),
    )
    return render_page(request, "accounts/form_page.html", page)


@require_safe
@in_person
@again
@never_cache
def recovery_codes(request: SignedInRequest) -> HttpResponse:
    """Show the recovery codes once; afterwards only how many are left."""
    get_object_or_404(Authenticator, user=request.user, type=Authenticator.Type.RECOVERY_CODES)
    kept, may_show = recovery.view_recovery_codes(request)
    codes = tuple(kept.get_unused_codes())
    page = RecoveryCodesPage(
        url=reverse("recovery-codes"),
        crumbs=_crumbs(),
        codes=codes if may_show else (),
        codes_left=len(codes),
        form=_button(reverse("recovery-codes-new"), _("Make new codes")),
    )
    return render_page(request, "accounts/recovery_codes.html", page)


@require_POST
@in_person
@again
def recovery_codes_new(request: SignedInRequest) -> HttpResponse:
    """Make new recovery codes; the old ones end."""
    get_object_or_404(Authenticator, user=request.user, type=Authenticator.Type.TOTP)
    recovery.generate_recovery_codes(request)
    return see_other(reverse("recovery-codes"))


def _factor(user: User) -> Authenticator | None:
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()


def _unused_codes(user: User) -> list[str]:
    row = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return cast("list[str]", row.wrap().get_unused_codes()) if row else []


def _button(url: str, text: str) -> Form:
    return Form(url=url, method="post", button=text, fields=(), errors=())


def _crumbs() -> tuple[Crumb, ...]:
    return Crumb(_("Account"), reverse("account")), Crumb(_("Two-factor"), reverse("two-factor"))
