"""Comparisons of files: made once for two lists of layers, which never change."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy

from registryui.catalog.models.fields import DigestField
from registryui.contents.api import ChunkBase


class FileComparison(models.Model):
    """What files differ between two merged trees, or how far finding out has come."""

    class State(models.TextChoices):
        """How far it has come."""

        WAITING = "WAITING", gettext_lazy("waiting")
        READING = "READING", gettext_lazy("layers are being read")
        COMPARING = "COMPARING", gettext_lazy("files are being compared")
        READY = "READY", gettext_lazy("ready")
        FAILED = "FAILED", gettext_lazy("failed")

    first = DigestField(help_text="What the first tree is known by: its layers, in order.")
    second = DigestField(help_text="The same of the second.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.TextField(blank=True, help_text="Why it failed, in words.")
    asked_at = models.DateTimeField(help_text="When somebody last asked for it.")
    made_at = models.DateTimeField(null=True)
    progress = models.PositiveIntegerField(default=0, help_text="Entries gone through so far.")
    total = models.PositiveIntegerField(default=0, help_text="Entries of both trees.")
    added_count = models.PositiveIntegerField(default=0, help_text="Only in the second.")
    removed_count = models.PositiveIntegerField(default=0, help_text="Only in the first.")
    changed_count = models.PositiveIntegerField(default=0, help_text="In both, and different.")
    equal_count = models.PositiveIntegerField(default=0, help_text="In both, and the same.")
    growth_bytes = models.BigIntegerField(
        default=0, help_text="How many bytes the second has more, unpacked."
    )
    places: "models.JSONField[list[Any], list[Any]]" = models.JSONField(
        default=list,
        help_text="Directories with most changes: path, added, removed, changed, bytes more.",
    )
    trees: "models.JSONField[list[int], list[int]]" = models.JSONField(
        default=list, help_text="The numbers of the two trees that were compared."
    )
    is_cut = models.BooleanField(
        default=False, help_text="Whether there are more changes than are kept; all are counted."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="file_comparison_unique")
        ]
        indexes = [models.Index(fields=["asked_at"], name="file_comparison_by_age")]

    def __str__(self) -> str:
        """Return which trees it is of."""
        return f"{self.first} and {self.second}"

    @property
    def is_under_way(self) -> bool:
        """Whether it has neither been made nor failed."""
        return self.state not in (self.State.READY, self.State.FAILED)


class FileChangeChunk(ChunkBase):
    """Up to a thousand paths that differ, by directory and name, compressed."""

    comparison = models.ForeignKey(FileComparison, models.CASCADE, related_name="chunks")
    added_count = models.PositiveIntegerField()
    removed_count = models.PositiveIntegerField()
    changed_count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["comparison", "position"], name="file_change_chunk_unique"
            )
        ]

    def __str__(self) -> str:
        """Return which it is."""
        return f"{self.position} of {self.comparison_id}"
