"""Links that let somebody in once: to set Registry UI up, or to choose a password."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy


class OneTimeLinkQuerySet(models.QuerySet["OneTimeLink"]):
    """Links, said as sentences."""

    def usable(self, now: datetime) -> Self:
        """Those that nobody used and that are not too old."""
        return self.filter(used_at=None, expires_at__gt=now)


class OneTimeLink(models.Model):
    """A secret address that works once; only its hash is kept."""

    class Purpose(models.TextChoices):
        """What it lets its holder do."""

        SET_UP = "SET_UP", gettext_lazy("become the first administrator")
        PASSWORD = "PASSWORD", gettext_lazy("choose a password")

    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="links",
        help_text="Whose password it sets; nobody's for the set-up.",
    )
    secret_hash = models.CharField(
        max_length=64, unique=True, help_text="SHA-256 of the secret in its address, in hex."
    )
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(help_text="When it stops working, used or not.")
    used_at = models.DateTimeField(
        null=True, blank=True, help_text="When it was used; it works once."
    )

    objects = OneTimeLinkQuerySet.as_manager()

    def __str__(self) -> str:
        """Return what it is for."""
        return f"to {self.get_purpose_display()}"
