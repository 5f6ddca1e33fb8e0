"""Readings: who wanted to look into what, and how far that has come."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models

from registryui.catalog.models import Manifest, Repository
from registryui.catalog.models.fields import DigestField


class ReadingQuerySet(models.QuerySet["Reading"]):
    """Readings, said as sentences."""

    def unfinished(self) -> Self:
        """Those that are asked for, or under way, or were given up."""
        return self.filter(finished_at=None)

    def of_person(self, user_id: int) -> Self:
        """Those that one person asked for, the newest first."""
        return self.filter(asked_by=user_id).order_by("-pk")


class Reading(models.Model):
    """That somebody wanted an image's layers to be read, or one file of a layer to be fetched."""

    repository = models.ForeignKey(Repository, models.CASCADE, related_name="readings")
    manifest = models.ForeignKey(Manifest, models.CASCADE, related_name="readings")
    layer = DigestField(blank=True, help_text="The one layer that is wanted; empty for all.")
    path = models.TextField(
        blank=True, help_text="The file that is wanted of it, if one is; / for the blob."
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="readings", help_text="Who asked."
    )
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, help_text="When it was last begun.")
    finished_at = models.DateTimeField(null=True)
    progress_bytes = models.BigIntegerField(default=0, help_text="Fetched so far.")
    total_bytes = models.BigIntegerField(default=0, help_text="What had to be fetched in all.")
    error = models.TextField(blank=True, help_text="Why it failed, in words; empty if it did not.")

    objects = ReadingQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["manifest", "layer"],
                condition=models.Q(finished_at=None),
                name="reading_unfinished",
            )
        ]

    def __str__(self) -> str:
        """Return what was wanted."""
        return f"{self.repository} at {self.created_at:%Y-%m-%d %H:%M}"

    def begin(self, now: datetime) -> None:
        """Begin, or begin again after whoever was at it has died."""
        self.started_at, self.finished_at, self.error = now, None, ""
        self.save(update_fields=["started_at", "finished_at", "error"])

    def end(self, now: datetime, *, error: str = "") -> None:
        """End it."""
        self.finished_at, self.error = now, error
        self.save(update_fields=["finished_at", "error"])
