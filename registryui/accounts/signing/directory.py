"""People in an LDAP directory; requirements-ldap.txt has what this needs."""

from typing import Any

from django.conf import settings
from django_auth_ldap.backend import LDAPBackend

from registryui.accounts.models import User
from registryui.accounts.signing.groups import apply_groups, group_names

SERVICE = "LDAP"  # kept with each account: a name that changed would lock people out


class DirectoryBackend(LDAPBackend):
    """Lets in whose name and password the directory knows; it never takes over another account."""

    def authenticate_ldap_user(self, ldap_user: Any, password: str) -> User | None:
        """Return the person, in the teams that their groups fill."""
        others = User.objects.called(ldap_user._username).exclude(source=SERVICE)
        if others.exists():
            return None
        user: User | None = super().authenticate_ldap_user(ldap_user, password)
        if user is not None and user.is_active:
            groups = group_names(ldap_user.group_names) if settings.LDAP_HAS_GROUPS else ()
            apply_groups(ldap_user._request, user, service=SERVICE, groups=groups)
        return user

    def get_or_build_user(self, username: str, ldap_user: Any) -> tuple[User, bool]:
        """Return the account of somebody, and whether it is new."""
        user: User
        user, is_new = super().get_or_build_user(username, ldap_user)
        if is_new:
            user.source = SERVICE
        return user, is_new

    def get_user(self, user_id: int) -> User | None:
        """Return somebody who has a session, unless they were shut out since."""
        return User.objects.filter(pk=user_id, is_active=True).first()
