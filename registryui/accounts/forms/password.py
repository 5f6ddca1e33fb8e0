"""Choosing a password, for oneself or as the first administrator."""

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import get_adapter
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registryui.accounts.models import User

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LONGEST_PASSWORD = 500
PASSWORD_HELP = gettext_lazy("At least 12 characters; a few words are good. No other rules.")


def name_field() -> forms.CharField:
    """Return the field for a new name to sign in with."""
    return forms.CharField(
        label=gettext_lazy("Name"),
        max_length=150,
        validators=[UnicodeUsernameValidator()],
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
        help_text=gettext_lazy("To sign in with: letters, digits and @ . + - _"),
    )


def password_field(
    label: "StrOrPromise", autocomplete: str, help_text: "StrOrPromise" = ""
) -> forms.CharField:
    """Return a field for a password, which is taken as typed and never shown."""
    return forms.CharField(
        label=label,
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
        help_text=help_text,
    )


def free_name(name: str) -> str:
    """Return the name, in the one form there is; raise ValidationError if somebody has it."""
    normal: str = User.normalize_username(name)
    if User.objects.called(normal).exists():
        raise ValidationError(_("Somebody has this name already."))
    return normal


class NewPasswordForm(forms.Form):
    """A new password, typed twice."""

    password1 = password_field(gettext_lazy("New password"), "new-password", PASSWORD_HELP)
    password2 = password_field(gettext_lazy("New password, once more"), "new-password")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """Take whose it will be."""
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self) -> dict[str, Any]:
        """Refuse what is easy to guess, and two that differ."""
        typed = super().clean() or {}
        first, second = typed.get("password1"), typed.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("The two differ. Type the same twice."))
        elif first:
            try:
                validate_password(first, self._owner(typed))
            except ValidationError as error:
                self.add_error("password1", error)
        return typed

    def _owner(self, typed: dict[str, Any]) -> User:
        return self.user

    def save(self) -> User:
        """Give the person the password; every other session of theirs ends by that."""
        get_adapter().set_password(self.user, self.cleaned_data["password1"])
        return self.user


class ChangePasswordForm(NewPasswordForm):
    """The password, then a new one twice."""

    password = password_field(gettext_lazy("Password now"), "current-password")
    field_order = ("password", "password1", "password2")

    def clean_password(self) -> str:
        """Refuse a wrong one."""
        typed: str = self.cleaned_data["password"]
        if not get_adapter().reauthenticate(self.user, typed):
            raise ValidationError(_("This is not your password."))
        return typed


class SetUpForm(NewPasswordForm):
    """The first administrator's name and password."""

    username = name_field()
    field_order = ("username", "password1", "password2")

    def clean_username(self) -> str:
        """Refuse a name that somebody has."""
        return free_name(self.cleaned_data["username"])

    def _owner(self, typed: dict[str, Any]) -> User:
        self.user.username = typed.get("username", "")
        return self.user
