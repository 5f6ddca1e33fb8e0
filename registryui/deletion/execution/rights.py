"""Whether who confirmed an operation may still do it, and which tags a rule keeps by now."""

from collections.abc import Iterable

from django.utils.translation import gettext_noop

from registryui.accounts.access import EVERYTHING, Access, access_of
from registryui.accounts.models import Grant, User
from registryui.deletion.actors import actor_of, is_program
from registryui.deletion.models import Operation, ProtectionRule

UNKNOWN_PERSON = gettext_noop(
    "Whoever confirmed it has no account here any more, so this was not done."
)
NOT_ALLOWED = gettext_noop(
    "Whoever confirmed it may not delete in this repository any more, so this was not done. "
    "Somebody who may can confirm it again."
)
_PROTECTED = gettext_noop(
    "{tag} is protected: {rule} in {repository}. An administrator may change it, or the rule."
)
_PROTECTED_FOR = gettext_noop(
    "{tag} is protected: {rule} in {repository} ({text}). "
    "An administrator may change it, or the rule."
)


def access_for(operation: Operation) -> Access | None:
    """Return what who confirmed it may do now; None for somebody who is not there any more."""
    actor = actor_of(operation.actor)
    if is_program(actor):
        return EVERYTHING
    user = User.objects.filter(pk=actor.id or 0, is_active=True).first()
    return None if user is None else access_of(user)


def may_still(operation: Operation, access: Access) -> bool:
    """Say whether it may be done: by a program, or by somebody who may delete there."""
    where = operation.registry.slug, operation.repository
    return access is EVERYTHING or access.may(Grant.Role.DELETE, *where)


def protected_among(operation: Operation, access: Access, tags: Iterable[str]) -> dict[str, str]:
    """Return the tags that a rule keeps from who confirmed it, each with the rule in words."""
    if access.is_administrator:
        return {}
    rules = ProtectionRule.objects.about(operation.registry.slug, operation.repository)
    found = {tag: rule for tag in tags for rule in reversed(rules) if rule.protects(tag)}
    return {tag: protection_words(tag, rule) for tag, rule in found.items()}


def protection_words(tag: str, rule: ProtectionRule) -> str:
    """Say by which rule a tag stays as it is, and who may do something about it."""
    form = _PROTECTED_FOR if rule.reason else _PROTECTED
    return form.format(tag=tag, rule=rule.tag, repository=rule.repository, text=rule.reason)
