"""What is filled in to write a retention rule, and to have it run."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext, gettext_lazy, gettext_noop

from registryui.accounts.access import Access
from registryui.accounts.pattern import is_pattern
from registryui.deletion.models.retention import RetentionRule
from registryui.deletion.rules.scope import may_write, own_pattern, registry_choices, why_not_there

if TYPE_CHECKING:
    RuleModelForm = forms.ModelForm[RetentionRule]
else:  # generic for the type checker only
    RuleModelForm = forms.ModelForm

MOST_NUMBER = 36_500
CONDITIONS = ("newest", "days", "pulled_days", "untagged_days")
NO_CONDITION = gettext_noop(
    "Fill in at least one condition, else the rule would not know what may go."
)


class RetentionRuleForm(RuleModelForm):
    """Which tags of which repositories are kept."""

    class Meta:
        model = RetentionRule
        fields = (
            "name", "registry", "repository", "tag", "newest", "newest_by", "days", "days_by",
            "pulled_days", "kept", "untagged_days", "max_percent",
        )  # fmt: skip
        labels = {
            "name": gettext_lazy("Name of the rule"),
            "repository": gettext_lazy("Repositories"),
            "tag": gettext_lazy("Tags it decides over"),
            "newest": gettext_lazy("Keep the newest"),
            "newest_by": gettext_lazy("The newest"),
            "days": gettext_lazy("Keep younger than, in days"),
            "days_by": gettext_lazy("Since"),
            "pulled_days": gettext_lazy("Keep what was pulled within, in days"),
            "kept": gettext_lazy("Keep the tags"),
            "untagged_days": gettext_lazy("Delete untagged after, in days"),
            "max_percent": gettext_lazy("Ask before more goes than, in %"),
        }
        help_texts = {
            "name": "",
            "repository": gettext_lazy("A name, with * for any text: team-a/*"),
            "tag": gettext_lazy("* for any text; others are not touched"),
            "newest": gettext_lazy(
                "Of those tags in each repository; what ties with the last stays, too."
            ),
            "newest_by": "",
            "days": gettext_lazy("A tag without a date stays."),
            "days_by": gettext_lazy("No registry tells when a tag was pushed."),
            "pulled_days": gettext_lazy(
                "Counts where the registry tells of pulls; elsewhere everything stays."
            ),
            "kept": gettext_lazy("Patterns with spaces between: latest v*.0"),
            "untagged_days": gettext_lazy("Manifests, where the registry deletes by digest."),
            "max_percent": gettext_lazy(
                "Of a repository's tags. Deleting all of them always waits for you."
            ),
        }

    def __init__(self, *args: Any, access: Access, **kwargs: Any) -> None:
        """Offer the registries that somebody may write rules for, and bound the numbers."""
        super().__init__(*args, **kwargs)
        self._access = access
        self.fields["registry"] = forms.ChoiceField(
            label=gettext_lazy("Registry"), choices=registry_choices(access)
        )
        self.order_fields(self.Meta.fields)
        if self.instance._state.adding:
            self.initial["repository"] = own_pattern(access)
        for name in CONDITIONS:
            self._bound(name, MOST_NUMBER)
        self._bound("max_percent", 100)
        # Activity that is forgotten can prove nothing.
        self._bound("pulled_days", max(1, settings.ACTIVITY_DAYS - 1))

    def _bound(self, name: str, most: int) -> None:
        field = self.fields[name]
        field.validators += [MinValueValidator(1), MaxValueValidator(most)]
        field.widget.attrs.update(min=1, max=most)

    def clean_kept(self) -> str:
        """Refuse what can be no pattern."""
        patterns: list[str] = self.cleaned_data["kept"].split()
        for each in patterns:
            if not is_pattern(each):
                raise ValidationError(
                    gettext("Write tags, with * for any text and spaces between them.")
                )
        return " ".join(dict.fromkeys(patterns))

    def clean(self) -> dict[str, Any]:
        """Refuse a rule without conditions, and one about what the person does not manage."""
        typed = super().clean() or {}
        if not any(typed.get(name) or name in self.errors for name in CONDITIONS):
            raise ValidationError(gettext(NO_CONDITION))
        about = RetentionRule(
            registry=typed.get("registry", ""), repository=typed.get("repository", "")
        )
        if about.registry and about.repository and not may_write(self._access, about):
            self.add_error("repository", why_not_there(self._access))
        return typed

    @property
    def rule(self) -> RetentionRule | None:
        """The rule as filled in, whatever its name; None as long as anything else is wrong."""
        wrong = set(self.errors) - {"name"}
        return None if wrong else self.instance


class ScheduleForm(forms.Form):
    """When a rule runs once it is on."""

    schedule = forms.ChoiceField(
        label=gettext_lazy("Run it"),
        choices=RetentionRule.Schedule.choices,
        initial=RetentionRule.Schedule.DAILY,
    )
    hour = forms.IntegerField(
        label=gettext_lazy("At the hour, in UTC"),
        min_value=0,
        max_value=23,
        initial=3,
        help_text=gettext_lazy("Not asked when it runs every hour."),
    )
