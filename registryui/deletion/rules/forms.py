"""What is filled in to protect tags."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy

from registryui.accounts.access import Access
from registryui.deletion.models import ProtectionRule
from registryui.deletion.rules.scope import may_write, own_pattern, registry_choices, why_not_there

if TYPE_CHECKING:
    ProtectionModelForm = forms.ModelForm[ProtectionRule]
else:  # generic for the type checker only
    ProtectionModelForm = forms.ModelForm


class ProtectionForm(ProtectionModelForm):
    """Which tags of which repositories stay, and why."""

    registry = forms.ChoiceField(label=gettext_lazy("In registry"))

    class Meta:
        model = ProtectionRule
        fields = ("tag", "repository", "registry", "reason")
        labels = {
            "tag": gettext_lazy("Tags"),
            "repository": gettext_lazy("In repositories"),
            "reason": gettext_lazy("Why"),
        }
        help_texts = {
            "tag": gettext_lazy("A tag, with * for any text: v*, latest"),
            "repository": gettext_lazy("A name, with * for any text: team-a/*"),
            "reason": gettext_lazy("People who cannot delete the tag are shown it."),
        }

    def __init__(self, *args: Any, access: Access, **kwargs: Any) -> None:
        """Offer the registries that somebody may write rules for."""
        super().__init__(*args, **kwargs)
        self._access = access
        self.fields["registry"] = forms.ChoiceField(
            label=gettext_lazy("In registry"), choices=registry_choices(access)
        )
        self.initial.setdefault("repository", own_pattern(access))

    def clean(self) -> dict[str, Any]:
        """Refuse what lies outside of what the person manages."""
        typed = super().clean() or {}
        rule = ProtectionRule(
            registry=typed.get("registry", ""), repository=typed.get("repository", "")
        )
        if rule.registry and rule.repository and not may_write(self._access, rule):
            self.add_error("repository", why_not_there(self._access))
        return typed
