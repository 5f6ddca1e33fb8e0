"""Protected tags: what nobody but an administrator deletes or moves."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, gettext_noop

from registryui.accounts.models.team import validate_pattern
from registryui.accounts.pattern import ANY, is_pattern, matches

_PROTECTED = gettext_noop("It is protected: {tag} in {repository}.")
_PROTECTED_FOR = gettext_noop("It is protected: {tag} in {repository} ({text}).")


def validate_tag_pattern(text: str) -> None:
    """Raise ValidationError for what can be no pattern of tags."""
    if not is_pattern(text):
        raise ValidationError(gettext("Write a tag, with * for any text: v*, latest, or * alone."))


class ProtectionRuleQuerySet(models.QuerySet["ProtectionRule"]):
    """Rules, said as sentences."""

    def about(self, registry: str, repository: str) -> list["ProtectionRule"]:
        """Those that say something about a repository."""
        rules: Iterable[ProtectionRule] = self.filter(Q(registry=registry) | Q(registry=ANY))
        return [rule for rule in rules if matches(rule.repository, repository)]


class ProtectionRule(models.Model):
    """Tags that stay, in some repositories."""

    registry = models.CharField(
        max_length=50, default=ANY, help_text="The registry's name in addresses; * for all."
    )
    repository = models.CharField(
        max_length=255,
        default=ANY,
        validators=[validate_pattern],
        help_text="Which repositories, by name; * stands for any text.",
    )
    tag = models.CharField(
        max_length=128,
        validators=[validate_tag_pattern],
        help_text="Which tags; * stands for any text.",
    )
    reason = models.CharField(max_length=200, blank=True, help_text="Why; people are shown it.")
    created_by = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()

    objects = ProtectionRuleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["registry", "repository", "tag"], name="protection_rule_unique"
            )
        ]

    def __str__(self) -> str:
        """Return it as a sentence."""
        return f"{self.tag} in {self.repository} of {self.registry} is protected"

    @property
    def words(self) -> str:
        """The rule and its reason, in the reader's language."""
        gaps = {"tag": self.tag, "repository": self.repository, "reason": self.reason}
        if not self.reason:
            return gettext("%(tag)s in %(repository)s") % gaps
        return gettext("%(tag)s in %(repository)s (%(reason)s)") % gaps

    @property
    def refusal(self) -> str:
        """Why a tag stays, as it may be written down: in English."""
        form = _PROTECTED_FOR if self.reason else _PROTECTED
        return form.format(tag=self.tag, repository=self.repository, text=self.reason)

    def protects(self, tag: str) -> bool:
        """Say whether a tag of a repository it is about stays."""
        return matches(self.tag, tag)
