"""The stacks of layers of images, and what images say they are based on."""

from django.db import models
from django.utils.translation import gettext_lazy

from registryui.catalog.models import Manifest
from registryui.catalog.models.fields import DigestField, NameField
from registryui.lineage.chain import NAME_LENGTH


class Stack(models.Model):
    """All layers of an image, under one name; a row is there once the image was looked at."""

    manifest = models.OneToOneField(
        Manifest, models.CASCADE, primary_key=True, related_name="stack"
    )
    height = models.PositiveSmallIntegerField(help_text="How many layers; 0 if none are known.")
    name = models.CharField(
        max_length=NAME_LENGTH, blank=True, help_text="The same for images with the same layers."
    )

    class Meta:
        indexes = [models.Index(fields=["name"], name="stack_by_name")]

    def __str__(self) -> str:
        """Return its name."""
        return self.name


class StackPart(models.Model):
    """The beginning of an image's stack: its first layers, but not all of them."""

    manifest = models.ForeignKey(Manifest, models.CASCADE, related_name="stack_parts")
    height = models.PositiveSmallIntegerField(help_text="How many layers of the image it has.")
    name = models.CharField(max_length=NAME_LENGTH)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["manifest", "height"], name="stack_part_unique")
        ]
        indexes = [models.Index(fields=["name", "manifest"], name="stack_part_by_name")]

    def __str__(self) -> str:
        """Return its name."""
        return self.name


class NamedBase(models.Model):
    """What an image says it is based on: the claim of whoever built it."""

    class Source(models.TextChoices):
        """Where it says so."""

        LABEL = "LABEL", gettext_lazy("a label or annotation")
        PROVENANCE = "PROVENANCE", gettext_lazy("its provenance")

    manifest = models.ForeignKey(Manifest, models.CASCADE, related_name="named_bases")
    source = models.CharField(max_length=20, choices=Source.choices)
    name = NameField(max_length=500, blank=True, help_text="As the image writes it.")
    digest = DigestField(blank=True, help_text="Empty if it names none.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["manifest", "source", "digest", "name"], name="named_base_unique"
            )
        ]
        indexes = [models.Index(fields=["digest"], name="named_base_by_digest")]

    def __str__(self) -> str:
        """Return what is named."""
        return self.name or self.digest
