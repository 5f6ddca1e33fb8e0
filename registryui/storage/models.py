"""The space that registries, namespaces and repositories take, added up now and then."""

from django.db import models

from registryui.catalog.models import Registry, Repository
from registryui.catalog.models.fields import NameField


class RegistryStorage(models.Model):
    """What one registry stores, each manifest and blob counted once, when it was last added up."""

    registry = models.OneToOneField(Registry, models.CASCADE, related_name="storage")
    as_of = models.DateTimeField(help_text="When it was added up.")
    stored_bytes = models.BigIntegerField(help_text="Each manifest and blob counted once.")
    unshared_bytes = models.BigIntegerField(
        help_text="What it would be if no repository shared anything with another."
    )
    blob_count = models.PositiveBigIntegerField(help_text="Layers and configs.")
    manifest_count = models.PositiveBigIntegerField(help_text="Images, indexes, signatures …")

    def __str__(self) -> str:
        """Return whose it is."""
        return f"storage of {self.registry_id}"


class StorageShare(models.Model):
    """What one namespace or one repository of a registry stores, and what of it is its own."""

    registry = models.ForeignKey(
        Registry, models.CASCADE, related_name="storage_shares", db_index=False
    )
    namespace = NameField(max_length=255, blank=True, help_text="Empty for names without one.")
    repository = models.OneToOneField(
        Repository,
        models.CASCADE,
        null=True,
        related_name="storage_share",
        help_text="Empty in the row of the namespace as a whole.",
    )
    stored_bytes = models.BigIntegerField(help_text="Each manifest and blob counted once.")
    own_bytes = models.BigIntegerField(
        help_text="What nothing else in the registry has: deleting all of it would free that."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["registry", "namespace"],
                condition=models.Q(repository=None),
                name="storage_share_of_namespace",
            )
        ]
        indexes = [
            models.Index(
                fields=["registry", "-stored_bytes", "id"],
                condition=models.Q(repository__isnull=False),
                name="storage_by_stored",
            ),
            models.Index(
                fields=["registry", "-own_bytes", "id"],
                condition=models.Q(repository__isnull=False),
                name="storage_by_own",
            ),
            models.Index(fields=["registry", "namespace"], name="storage_by_namespace"),
        ]

    def __str__(self) -> str:
        """Return whose it is."""
        return f"{self.namespace} {self.repository_id or ''}".strip()


class StorageDay(models.Model):
    """What a registry, or one of its repositories, stored at the end of a day."""

    registry = models.ForeignKey(Registry, models.CASCADE, related_name="storage_days")
    repository = models.ForeignKey(
        Repository,
        models.CASCADE,
        null=True,
        related_name="storage_days",
        help_text="Empty in the row of the registry as a whole.",
    )
    day = models.DateField(help_text="By UTC; a repository has a row for days that changed it.")
    stored_bytes = models.BigIntegerField(help_text="Each manifest and blob counted once.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["registry", "day"],
                condition=models.Q(repository=None),
                name="storage_day_of_registry",
            ),
            models.UniqueConstraint(fields=["repository", "day"], name="storage_day_of_repository"),
        ]

    def __str__(self) -> str:
        """Return the day."""
        return self.day.isoformat()
