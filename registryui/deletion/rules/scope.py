"""Who may see and write rules: whoever manages all that a rule is about; auditors read them."""

from typing import Protocol, TypeVar

from django.utils.translation import gettext

from registryui.accounts.access import Access
from registryui.accounts.doors import only
from registryui.accounts.models import Grant
from registryui.accounts.pattern import ANY
from registryui.catalog.models import Registry

MANAGE = Grant.Role.MANAGE


class About(Protocol):
    """What says which repositories it is about."""

    registry: str
    repository: str


Rule = TypeVar("Rule", bound=About)


def may_read_rules(access: Access) -> bool:
    """Say whether there is a page of rules for somebody at all."""
    return access.reads_audit or access.may_somewhere(MANAGE)


def may_write(access: Access, about: About) -> bool:
    """Say whether somebody may write a rule or change it."""
    return access.may_throughout(MANAGE, about.registry, about.repository)


def may_see(access: Access, about: About) -> bool:
    """Say whether a rule exists for somebody."""
    return access.reads_audit or may_write(access, about)


def registry_choices(access: Access) -> list[tuple[str, str]]:
    """Return the registries that somebody may write rules for, ``*`` for all of them."""
    rows = Registry.objects.declared().visible_to(access)
    scopes = {scope.registry for scope in access.scopes_for(MANAGE)}
    is_everywhere = access.is_administrator or ANY in scopes
    names = [(row.slug, str(row)) for row in rows if is_everywhere or row.slug in scopes]
    return [(ANY, gettext("all registries")), *names] if is_everywhere else names


def own_pattern(access: Access) -> str:
    """Return the pattern that somebody who writes a first rule probably means."""
    patterns = [scope.pattern for scope in access.scopes_for(MANAGE)]
    return patterns[0] if patterns else ANY


def why_not_there(access: Access) -> str:
    """Say where somebody may write rules who tried elsewhere."""
    patterns = sorted({scope.pattern for scope in access.scopes_for(MANAGE)})
    shown = ", ".join(patterns[:5]) + (" …" if len(patterns) > 5 else "")
    return gettext(
        "You manage %(patterns)s: write a pattern that lies within one of these, and its registry."
    ) % {"patterns": shown}


for_rule_readers = only(may_read_rules)
for_rule_writers = only(lambda access: access.may_somewhere(MANAGE))
