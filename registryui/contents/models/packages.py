"""Lists of packages: what the databases of distributions in an image say is installed."""

from typing import Any

from django.db import models

from registryui.contents.models.tree import Tree


class PackageList(models.Model):
    """The packages of one tree, for every image that has just its layers; read once."""

    tree = models.OneToOneField(Tree, models.CASCADE, primary_key=True, related_name="package_list")
    package_count = models.PositiveIntegerField(default=0)
    databases: "models.JSONField[list[Any], list[Any]]" = models.JSONField(
        default=list, help_text="Each database: its path, how many packages, why not readable."
    )
    read_at = models.DateTimeField()
    # Last in the row, so that SQLite reads the columns before it without its overflow pages.
    content = models.BinaryField(help_text="The packages in order: JSON arrays, compressed.")

    def __str__(self) -> str:
        """Return of which tree it is."""
        return str(self.tree_id)
