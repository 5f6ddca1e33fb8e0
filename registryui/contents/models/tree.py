"""Trees: what a container sees when all layers of an image lie on top of each other."""

from typing import Any

from django.db import models

from registryui.catalog.models.fields import DigestField
from registryui.contents.models.listing import ChunkBase


class Tree(models.Model):
    """The merged files of some layers in their order, for every image that has just these."""

    key = DigestField(unique=True, help_text="The digest of the layers' digests in their order.")
    entry_count = models.PositiveIntegerField(default=0, help_text="What a container sees.")
    file_count = models.PositiveIntegerField(default=0, help_text="Of these, no directories.")
    content_bytes = models.BigIntegerField(default=0, help_text="All files that it sees.")
    cumulative_bytes = models.BigIntegerField(
        default=0, help_text="What all layers hold, deletions by the size that they hide."
    )
    wasted_bytes = models.BigIntegerField(
        default=0, help_text="Of that, what is there more than once, or is deleted again."
    )
    score = models.FloatField(default=1, help_text="Which part of it is needed.")
    deleted_count = models.PositiveIntegerField(
        default=0, help_text="Entries that a later layer deletes for good."
    )
    wasted: "models.JSONField[list[Any], list[Any]]" = models.JSONField(
        default=list, help_text="The paths that waste most: path, bytes wasted, all bytes, times."
    )
    unverified: "models.JSONField[list[str], list[str]]" = models.JSONField(
        default=list, help_text="The layers that only their tables of contents tell of."
    )
    is_complete = models.BooleanField(
        default=False, help_text="False while it is being made, or if making it broke off."
    )
    made_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """Return its key."""
        return self.key


class TreeChunk(ChunkBase):
    """Up to a thousand entries of a tree, by directory and name, compressed."""

    tree = models.ForeignKey(Tree, models.CASCADE, related_name="chunks")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tree", "position"], name="tree_chunk_unique")
        ]

    def __str__(self) -> str:
        """Return which it is."""
        return f"{self.position} of {self.tree_id}"
