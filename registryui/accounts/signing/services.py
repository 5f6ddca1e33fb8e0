"""OpenID Connect providers: who comes by them, and with which groups."""

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_noop

from registryui.accounts.models import User
from registryui.accounts.reporting import Action, report
from registryui.accounts.signing.groups import apply_groups, group_names
from registryui.web.errors import SERVICE_FAILED, error_response


class ServiceAdapter(DefaultSocialAccountAdapter):
    """Makes an account for whoever a provider vouches for; it never takes over a local one."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Whoever the provider lets use us may come in; what they may do, teams say."""
        return True

    def populate_user(
        self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]
    ) -> User:
        """Take the name to sign in with; addresses of people are none of our business."""
        user: User = super().populate_user(request, sociallogin, {**data, "email": ""})
        sociallogin.email_addresses = []
        user.email = user.first_name = user.last_name = ""
        return user

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: Any = None,
    ) -> None:
        """Report what went wrong, and answer with a page of ours."""
        detail = gettext_noop("by {service}: {what}").format(
            service=provider.name, what=type(exception).__name__ if exception else error
        )
        report(request, Action.SIGN_IN, user="", detail=detail, succeeded=False)
        raise ImmediateHttpResponse(error_response(request, SERVICE_FAILED))


def take_groups(request: HttpRequest, user: User, login: SocialLogin) -> None:
    """Bring teams and role up to what the provider said at this sign-in."""
    apps = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    app = next(each for each in apps if each["provider_id"] == login.account.provider)
    claims = login.account.extra_data
    claim = app["settings"]["groups_claim"]
    groups = {
        name
        for part in ("userinfo", "id_token")
        for name in group_names(_claimed(claims.get(part) or {}, claim))
    }
    apply_groups(request, user, service=app["name"], groups=groups)


def _claimed(claims: dict[str, Any], path: str) -> Any:
    """Return a claim by its name, or by its path, such as ``realm_access.roles``."""
    if path in claims:
        return claims[path]
    found: Any = claims
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found
