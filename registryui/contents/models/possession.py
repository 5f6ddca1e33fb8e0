"""Which repositories hold what was read: a digest alone gives nothing away."""

from django.db import models

from registryui.catalog.models import Repository
from registryui.catalog.models.fields import DigestField


class Possession(models.Model):
    """That a repository's own registry gave a layer or blob for this repository.

    Whoever may push can name any digest in a manifest, so only this lets a repository show what was
    read of it. contents/holding.py says how it is proved.
    """

    repository = models.ForeignKey(Repository, models.CASCADE, related_name="possessions")
    digest = DigestField(help_text="Of the layer or blob as it is stored.")
    is_whole = models.BooleanField(
        help_text="Whether its registry gave the whole, which matched; else a table of contents."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["digest", "repository"], name="possession_unique")
        ]

    def __str__(self) -> str:
        """Return what is held."""
        return self.digest
