"""Tags: the names that move from manifest to manifest."""

from typing import Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy

from registryui.catalog.models.fields import DigestField, NameField
from registryui.catalog.models.manifest import Manifest
from registryui.catalog.models.repository import Repository


class TagQuerySet(models.QuerySet["Tag"]):
    """Tags, said as sentences."""

    def in_repository(self, repository: Repository) -> Self:
        """Those of one repository."""
        return self.filter(repository=repository)

    def for_people(self) -> Self:
        """Those that people chose, without the tags that hold signatures and the like."""
        return self.filter(is_attached__in=[False])

    def leading(self) -> Self:
        """One for each manifest: the tag that names it best."""
        return self.filter(is_lead=True)


class Tag(models.Model):
    """A mutable name for a manifest in a repository."""

    # No index of its own: the constraint's begins with it, and holds the name beside it.
    repository = models.ForeignKey(Repository, models.CASCADE, related_name="tags", db_index=False)
    name = NameField(max_length=128)
    manifest = models.ForeignKey(Manifest, models.PROTECT, related_name="tags")
    version_key = NameField(max_length=255, help_text="Sorts as the versions do.")
    is_attached = models.BooleanField(
        default=False, help_text="It holds a signature, SBOM or attestation of another manifest."
    )
    is_lead = models.BooleanField(
        default=True, help_text="Of all tags on its manifest it names it best."
    )
    first_seen_at = models.DateTimeField(help_text="When a refresh first found it.")
    moved_at = models.DateTimeField(help_text="Since when it points where it points.")
    pull_count = models.PositiveBigIntegerField(
        default=0, db_default=0, help_text="Pulls by this name that the registry told us of."
    )
    last_pulled_at = models.DateTimeField(
        null=True, help_text="When it was last pulled, as far as the registry told us."
    )

    objects = TagQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["repository", "name"], name="tag_unique")]
        indexes = [
            models.Index(
                fields=["repository", "is_attached", "-version_key"], name="tag_by_version"
            ),
            models.Index(fields=["repository", "manifest"], name="tag_by_manifest"),
            models.Index(fields=["name", "repository"], name="tag_by_name"),
        ]

    def __str__(self) -> str:
        """Return its name."""
        return self.name

    def get_absolute_url(self) -> str:
        """Return its address."""
        repository = self.repository
        return reverse("tag-detail", args=[repository.registry.slug, repository.name, self.name])


class TagMove(models.Model):
    """That a tag left one digest for another; no registry keeps this, the index does."""

    class Source(models.TextChoices):
        """How we learned it."""

        SYNC = "SYNC", gettext_lazy("a sync")
        REFRESH = "REFRESH", gettext_lazy("a refresh of the page")
        NOTIFICATION = "NOTIFICATION", gettext_lazy("a notification")
        DELETION = "DELETION", gettext_lazy("a deletion here")

    repository = models.ForeignKey(Repository, models.CASCADE, related_name="tag_moves")
    tag_name = NameField(max_length=128)
    from_digest = DigestField(blank=True, help_text="Empty when the tag appeared.")
    to_digest = DigestField(blank=True, help_text="Empty when the tag was removed.")
    seen_at = models.DateTimeField(help_text="When we noticed; it happened before.")
    source = models.CharField(max_length=20, choices=Source.choices)

    class Meta:
        indexes = [
            models.Index(fields=["repository", "tag_name", "-seen_at"], name="tag_move_by_tag")
        ]

    def __str__(self) -> str:
        """Return what moved where."""
        return f"{self.tag_name}: {self.from_digest} to {self.to_digest}"
