"""Manifests and blobs: content that never changes, stored once for all repositories."""

from django.db import models

from registryui.catalog.models.fields import DigestField, NameField


class Blob(models.Model):
    """Bytes by digest: a layer, or a config whose bytes are kept here too."""

    digest = DigestField(unique=True)
    size_bytes = models.BigIntegerField(help_text="Compressed size, as pulled.")
    content = models.BinaryField(
        null=True, help_text="The exact bytes of a config; a layer's bytes are not kept."
    )

    def __str__(self) -> str:
        """Return its digest."""
        return self.digest


class Manifest(models.Model):
    """An immutable document with a digest: an image, an index, or another artifact."""

    digest = DigestField(unique=True)
    media_type = models.CharField(max_length=255)
    kind = models.CharField(max_length=20, help_text="Image, index, chart, signature …")
    artifact_type = models.CharField(max_length=255, blank=True)
    size_bytes = models.BigIntegerField(help_text="Size of the document itself.")
    config = models.ForeignKey(Blob, models.PROTECT, null=True, related_name="configured_manifests")
    platform = NameField(
        max_length=100, blank=True, help_text="As os/architecture/variant; an index has many."
    )
    platforms = models.TextField(
        blank=True, help_text="All platforms, an index's in its order, separated by spaces."
    )
    compressed_bytes = models.BigIntegerField(
        default=0, help_text="What a pull downloads; of an index, its largest platform."
    )
    smallest_bytes = models.BigIntegerField(
        default=0, help_text="What a pull downloads; of an index, its smallest platform."
    )
    created_at = models.DateTimeField(
        null=True, help_text="When it says it was built; empty for builds without a real date."
    )
    subject_digest = DigestField(blank=True, help_text="The manifest it refers to, if any.")
    # Last in the row, so that SQLite reads the columns before it without its overflow pages.
    content = models.BinaryField(help_text="The exact bytes that the digest is of.")

    class Meta:
        indexes = [
            models.Index(fields=["subject_digest"], name="manifest_by_subject"),
            models.Index(fields=["platform"], name="manifest_by_platform"),
        ]

    def __str__(self) -> str:
        """Return its digest."""
        return self.digest


class ManifestChild(models.Model):
    """One entry of an index, in the index's order; the manifest it names may be missing."""

    parent = models.ForeignKey(Manifest, models.CASCADE, related_name="children")
    position = models.PositiveIntegerField()
    digest = DigestField(db_index=True)
    child = models.ForeignKey(
        Manifest, models.PROTECT, null=True, related_name="parents", help_text="If we hold it."
    )
    platform = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["parent", "position"], name="manifest_child_unique")
        ]

    def __str__(self) -> str:
        """Return where it stands."""
        return f"{self.position} of {self.parent_id}"


class Layer(models.Model):
    """At which position of which manifest a blob is a layer."""

    manifest = models.ForeignKey(Manifest, models.CASCADE, related_name="layers")
    position = models.PositiveIntegerField()
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="layers")
    is_stored = models.BooleanField(
        default=True, help_text="False for foreign layers, which the registry does not hold."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["manifest", "position"], name="layer_unique")
        ]

    def __str__(self) -> str:
        """Return where it stands."""
        return f"{self.position} of {self.manifest_id}"


class ImageLabel(models.Model):
    """A label or annotation of a manifest, so that it can be searched."""

    manifest = models.ForeignKey(Manifest, models.CASCADE, related_name="image_labels")
    key = NameField(max_length=255)
    value = NameField(max_length=500, help_text="Its beginning; the page shows all of it.")

    class Meta:
        indexes = [models.Index(fields=["key", "value"], name="image_label_by_key")]

    def __str__(self) -> str:
        """Return it as it is searched."""
        return f"{self.key}={self.value}"
