"""Teams, who is in them, and what they are granted."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registryui.accounts.grantable import grantable_registries
from registryui.accounts.models import Grant, Team, User
from registryui.accounts.models.team import validate_pattern
from registryui.accounts.pattern import ANY

EVERYBODY = "everybody"  # its name in addresses; no team has it


class TeamForm(forms.Form):
    """A team's name and the group of the sign-in service that fills it."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    external_group = forms.CharField(
        label=gettext_lazy("Group of the sign-in service"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Whoever is in it is in the team. Empty: only those you add."),
    )

    def __init__(self, sent: QueryDict | None = None, *, team: Team) -> None:
        """Take the team that is changed, or made if it is new."""
        initial = {"name": team.name, "external_group": team.external_group}
        super().__init__(sent, initial=initial)
        self.team = team

    def clean_name(self) -> str:
        """Refuse a name that cannot be told from another team's."""
        name: str = self.cleaned_data["name"]
        slug = slugify(name)
        if not slug or slug == EVERYBODY:
            raise ValidationError(
                _("A name needs a letter from a to z or a digit, and “everybody” is taken.")
            )
        others = Team.objects.exclude(pk=self.team.pk)
        if others.filter(name__iexact=name).exists() or others.filter(slug=slug).exists():
            raise ValidationError(_("Another team has this name, or one too similar."))
        return name

    def save(self) -> Team:
        """Keep it; an address stays as it was when a team is renamed."""
        self.team.name = self.cleaned_data["name"]
        self.team.external_group = self.cleaned_data["external_group"]
        self.team.slug = self.team.slug or slugify(self.team.name)
        self.team.save()
        return self.team


class MemberForm(forms.Form):
    """Somebody who is to be in a team."""

    username = forms.CharField(
        label=gettext_lazy("Name"), max_length=150, help_text=gettext_lazy("As they sign in.")
    )

    def clean_username(self) -> str:
        """Find the person."""
        name = self.cleaned_data["username"]
        self.person = User.objects.called(name).first()
        if self.person is None:
            raise ValidationError(_("Nobody has this name. Add them at People first."))
        return str(name)


class GrantForm(forms.Form):
    """What is to be granted."""

    role = forms.ChoiceField(label=gettext_lazy("May"), choices=Grant.Role.choices)
    registry = forms.ChoiceField(label=gettext_lazy("In"))
    pattern = forms.CharField(
        label=gettext_lazy("Repositories"),
        max_length=255,
        validators=[validate_pattern],
        help_text=gettext_lazy("A name; * stands for any text: team-a/*, */base, *"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the registries that are declared."""
        super().__init__(*args, **kwargs)
        registry = self.fields["registry"]
        registry.choices = [(ANY, _("all registries")), *grantable_registries()]  # type: ignore[attr-defined]  # a choice
