"""Watched names: what a registry that does not list its repositories is asked for."""

from django.db import models

from registryui.catalog.models import Registry
from registryui.catalog.models.fields import NameField


class WatchedName(models.Model):
    """A repository that an administrator wants to see, or a pattern of those that may come.

    Those that the settings declare are not here.
    """

    registry = models.ForeignKey(
        Registry, models.CASCADE, related_name="watched_names", db_index=False
    )
    text = NameField(max_length=255, help_text="A name, or a pattern with * for any text.")
    added_by = models.CharField(max_length=150, blank=True, help_text="Who typed it.")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["registry", "text"], name="watchedname_unique")
        ]

    def __str__(self) -> str:
        """Return the name or pattern."""
        return self.text
