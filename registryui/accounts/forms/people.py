"""Letting people in, and what they are."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registryui.accounts.forms.password import free_name, name_field
from registryui.accounts.models import User


class NewPersonForm(forms.Form):
    """A new local account; its password is chosen by a link."""

    username = name_field()
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=User.Role.choices)

    def clean_username(self) -> str:
        """Refuse a name that somebody has."""
        return free_name(self.cleaned_data["username"])

    def save(self) -> User:
        """Make the account, which nothing opens yet."""
        sent = self.cleaned_data
        return User.objects.create_user(sent["username"], role=sent["role"])


class RoleForm(forms.Form):
    """What somebody may do whatever the teams say."""

    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=User.Role.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Say what the roles mean."""
        super().__init__(*args, **kwargs)
        self.fields["role"].help_text = _(
            "Members do what their teams may; auditors read everything and change nothing; "
            "administrators do everything."
        )
