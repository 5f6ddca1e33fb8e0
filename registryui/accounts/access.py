"""What somebody may see and do, read once per request and then only asked."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import AnonymousUser

from registryui.accounts.models import Grant, Team, User
from registryui.accounts.pattern import ANY, contains, matches

_ALL = frozenset(Grant.Role)
# What each role includes: files may hold secrets, so that who deletes tags does not read them.
_INCLUDED = {
    Grant.Role.BROWSE: frozenset({Grant.Role.BROWSE}),
    Grant.Role.REPORT: frozenset({Grant.Role.BROWSE, Grant.Role.REPORT}),
    Grant.Role.FILES: frozenset({Grant.Role.BROWSE, Grant.Role.FILES}),
    Grant.Role.DELETE: frozenset({Grant.Role.BROWSE, Grant.Role.REPORT, Grant.Role.DELETE}),
    Grant.Role.MANAGE: _ALL,
}
ANONYMOUS = "ANONYMOUS"


@dataclass(frozen=True, slots=True)
class Scope:
    """Some repositories, and what may be done with them."""

    role: str
    registry: str
    pattern: str

    def includes(self, role: str) -> bool:
        """Say whether this may be done with them."""
        return role in _INCLUDED[Grant.Role(self.role)]

    def covers(self, registry: str, repository: str) -> bool:
        """Say whether the repository is one of them."""
        return self.registry in (ANY, registry) and matches(self.pattern, repository)

    def covers_all(self, registry: str, pattern: str) -> bool:
        """Say whether all repositories of the pattern are among them; ``*``: of all registries."""
        return self.registry in (ANY, registry) and contains(self.pattern, pattern)


@dataclass(frozen=True, slots=True)
class Access:
    """What one person may see and do; ``user_id`` is None for somebody who is not signed in.

    Whether the whole of Registry UI is read-only is another question; it is asked where a registry
    would be written to.
    """

    user_id: int | None
    name: str
    role: str
    teams: tuple[str, ...] = ()
    scopes: tuple[Scope, ...] = ()
    sees_everything: bool = False
    may_write: bool = True

    @property
    def is_signed_in(self) -> bool:
        """Whether we know who it is."""
        return self.user_id is not None

    @property
    def is_administrator(self) -> bool:
        """Whether there is nothing that it may not do."""
        return self.role == User.Role.ADMINISTRATOR and self.may_write

    @property
    def reads_audit(self) -> bool:
        """Whether the whole audit log may be read."""
        return self.role in (User.Role.AUDITOR, User.Role.ADMINISTRATOR)

    @property
    def may_ask_for_syncs(self) -> bool:
        """Whether a sync may be asked for: it changes nothing, but it costs the registry."""
        return self.is_signed_in and self.may_write and self.role != User.Role.AUDITOR

    @property
    def may_give_stars(self) -> bool:
        """Whether repositories may be given a star: by people who may change anything at all."""
        return self.is_signed_in and self.may_write and self.role != User.Role.AUDITOR

    def sees_registry(self, registry: str) -> bool:
        """Say whether the registry exists for this person."""
        return self.sees_everything or any(
            scope.registry in (ANY, registry) for scope in self.scopes
        )

    def sees_all_of(self, registry: str) -> bool:
        """Say whether every repository of the registry may be seen."""
        return ANY in self.patterns_in(registry)

    def sees(self, registry: str, repository: str) -> bool:
        """Say whether the repository exists for this person."""
        return self.sees_everything or any(
            scope.covers(registry, repository) for scope in self.scopes
        )

    def looks_inside(self, registry: str, repository: str) -> bool:
        """Say whether the files in the repository's images may be read: by people we know."""
        return self.reads_audit or any(
            scope.includes(Grant.Role.FILES) and scope.covers(registry, repository)
            for scope in self.scopes
        )

    def patterns_in(self, registry: str) -> tuple[str, ...]:
        """Return the patterns of the names that may be seen in a registry; ``*`` alone for all."""
        if self.sees_everything:
            return (ANY,)
        patterns = {scope.pattern for scope in self.scopes if scope.registry in (ANY, registry)}
        return (ANY,) if ANY in patterns else tuple(sorted(patterns))

    def may(self, role: Grant.Role, registry: str, repository: str) -> bool:
        """Say whether this may be done there; auditors and strangers change nothing."""
        if role == Grant.Role.BROWSE:
            return self.sees(registry, repository)
        return self.is_administrator or any(
            scope.covers(registry, repository) for scope in self.scopes_for(role)
        )

    def may_throughout(self, role: Grant.Role, registry: str, pattern: str) -> bool:
        """Say whether this may be done in every repository that fits a pattern, also in new ones.

        One grant has to cover them all; several that do so together are not put together.
        """
        return self.is_administrator or any(
            scope.covers_all(registry, pattern) for scope in self.scopes_for(role)
        )

    def manages_all_of(self, registry: str) -> bool:
        """Say whether every repository of the registry may be managed, also new ones."""
        return self.may_throughout(Grant.Role.MANAGE, registry, ANY)

    def may_somewhere(self, role: Grant.Role) -> bool:
        """Say whether there is any repository with which this may be done."""
        return self.is_administrator or bool(self.scopes_for(role))

    def scopes_for(self, role: Grant.Role) -> tuple[Scope, ...]:
        """Return where a member may do this or more by a grant; nowhere for anybody else."""
        if not self.may_write or self.role != User.Role.MEMBER:
            return ()
        return tuple(scope for scope in self.scopes if scope.includes(role))


# For programs that act for nobody in particular: syncs, metrics, commands.
EVERYTHING = Access(None, "Registry UI", "SYSTEM", sees_everything=True)


def access_of(user: User | AnonymousUser) -> Access:
    """Return what this person may see and do now: two queries for a member, none for others."""
    if not isinstance(user, User) or not user.is_active:
        return Access(
            None,
            "",
            ANONYMOUS,
            scopes=_open_to_all(),
            sees_everything=bool(settings.ANONYMOUS_READ),
            may_write=False,
        )
    reads_everything = user.role != User.Role.MEMBER or settings.ANONYMOUS_READ
    is_member = user.role == User.Role.MEMBER
    return Access(
        user_id=user.pk,
        name=user.username,
        role=user.role,
        teams=_teams_of(user.pk),
        scopes=_scopes(Grant.objects.held_by(user.pk)) + _open_to_all() if is_member else (),
        sees_everything=reads_everything,
        may_write=user.role != User.Role.AUDITOR,
    )


def _teams_of(user_id: int) -> tuple[str, ...]:
    return tuple(Team.objects.filter(memberships__user=user_id).values_list("name", flat=True))


def _open_to_all() -> tuple[Scope, ...]:
    return tuple(Scope(Grant.Role.BROWSE, slug, ANY) for slug in settings.ANONYMOUS_REGISTRIES)


def _scopes(grants: Iterable[Grant]) -> tuple[Scope, ...]:
    return tuple(Scope(grant.role, grant.registry, grant.pattern) for grant in grants)
