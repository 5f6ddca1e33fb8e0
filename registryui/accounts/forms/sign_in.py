"""What somebody fills in who comes in."""

from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _


class SignInForm(LoginForm):
    """Name and password; django-allauth checks them, counts failures, hides which was wrong."""

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        """Name the fields our way."""
        super().__init__(*args, request=request, **kwargs)
        name, password = self.fields["login"], self.fields["password"]
        name.label, password.label = _("Name"), _("Password")
        name.max_length = 150
        name.widget = forms.TextInput(attrs={"autocomplete": "username"})
        password.help_text = ""
