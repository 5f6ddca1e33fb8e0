"""Making an API token."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registryui.accounts.models import ApiToken, User
from registryui.accounts.models.token import validate_beginning
from registryui.accounts.pattern import ANY
from registryui.accounts.secret import new_secret
from registryui.accounts.signing.tokens import PREFIX

MOST_DAYS = 366
MOST_TOKENS = 50


class TokenForm(forms.Form):
    """What a new token is for, what it may do, and how long."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=100,
        help_text=gettext_lazy("What will use it, such as “nightly clean-up”."),
    )
    scope = forms.ChoiceField(label=gettext_lazy("It may"), choices=ApiToken.Scope.choices)
    pattern = forms.CharField(
        label=gettext_lazy("Repositories"),
        initial=ANY,
        max_length=255,
        validators=[validate_beginning],
        help_text=gettext_lazy("A name, a beginning such as team-a/*, or * for all that you see."),
    )
    days = forms.IntegerField(
        label=gettext_lazy("Days until it ends"), initial=90, min_value=1, max_value=MOST_DAYS
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        """Take whose it will be."""
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_name(self) -> str:
        """Refuse a name that another token of this person has."""
        name: str = self.cleaned_data["name"]
        if self.user.api_tokens.filter(name=name).exists():
            raise ValidationError(_("You have a token of this name already."))
        return name

    def clean(self) -> dict[str, Any]:
        """Refuse one too many."""
        if self.user.api_tokens.count() >= MOST_TOKENS:
            raise ValidationError(
                _("You have %(count)s tokens. Revoke some you do not need.")
                % {"count": MOST_TOKENS}
            )
        return super().clean() or {}

    def save(self, *, now: datetime) -> str:
        """Make the token and return its secret, which nobody can read again."""
        secret, kept = new_secret(PREFIX)
        sent = self.cleaned_data
        ApiToken.objects.create(
            user=self.user,
            name=sent["name"],
            scope=sent["scope"],
            pattern=sent["pattern"],
            secret_hash=kept,
            created_at=now,
            expires_at=now + timedelta(days=sent["days"]),
        )
        return secret
