"""Tokens by which programs come in, in the name of the person who made them."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registryui.accounts.pattern import ANY, is_beginning


def validate_beginning(text: str) -> None:
    """Raise ValidationError for what is neither a name nor a beginning of names."""
    if not is_beginning(text):
        raise ValidationError(
            _("Write a repository's name, or the beginning of names followed by *: team-a/*.")
        )


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """Tokens, said as sentences."""

    def usable(self, now: datetime) -> Self:
        """Those that open a door: not too old, and their owner may still sign in."""
        return self.filter(expires_at__gt=now, user__is_active=True)


class ApiToken(models.Model):
    """A secret that a program sends instead of a person's password; only its hash is kept."""

    class Scope(models.TextChoices):
        """What it is good for."""

        READ = "READ", gettext_lazy("read")
        WRITE = "WRITE", gettext_lazy("read and change")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="api_tokens",
        help_text="Whose rights it has, at most.",
    )
    name = models.CharField(max_length=100, help_text="What its owner uses it for.")
    scope = models.CharField(max_length=10, choices=Scope.choices, default=Scope.READ)
    pattern = models.CharField(
        max_length=255,
        default=ANY,
        validators=[validate_beginning],
        help_text="Which repositories it is good for: a name, or a beginning such as team-a/*.",
    )
    secret_hash = models.CharField(
        max_length=64, unique=True, help_text="SHA-256 of the token, in hex."
    )
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(help_text="When it stops working.")
    last_used_at = models.DateTimeField(
        null=True, blank=True, help_text="When it last opened a page, to the minute."
    )

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="api_token_name_unique")
        ]

    def __str__(self) -> str:
        """Return its name."""
        return self.name
