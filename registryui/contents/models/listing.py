"""Listings: what files a layer holds. A digest is forever, so each layer is read once for all."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy

from registryui.catalog.models import Repository
from registryui.catalog.models.fields import DigestField
from registryui.contents.models.possession import Possession


class ChunkQuerySet(models.QuerySet["ChunkBase"]):
    """Chunks, said as sentences."""

    def holding(self, key: bytes) -> Self:
        """Those that may have entries of a directory, in order."""
        return self.filter(first_directory__lte=key, last_directory__gte=key).order_by("position")


class ChunkBase(models.Model):
    """Up to a thousand entries by directory and name, compressed."""

    position = models.PositiveIntegerField()
    first_directory = models.BinaryField(max_length=250, help_text="Its first entry's directory.")
    last_directory = models.BinaryField(max_length=250, help_text="Its last entry's directory.")
    # Last in the row, so that SQLite reads the columns before it without its overflow pages.
    content = models.BinaryField(help_text="The entries, as reading/chunks.py packs them.")

    objects = ChunkQuerySet.as_manager()

    class Meta:
        abstract = True


class ListingQuerySet(models.QuerySet["Listing"]):
    """Listings, said as sentences."""

    def ready(self) -> Self:
        """Those that can be read."""
        return self.filter(state=Listing.State.READY)

    def open_in(self, repository: Repository) -> Self:
        """Those that a repository may show: ready, of what it holds.

        What only a table of contents tells counts for the registry that gave the table, and to
        have given a table counts for no more than that.
        """
        held = Possession.objects.filter(repository=repository, digest=models.OuterRef("digest"))
        is_proved = models.Q(models.Exists(held.filter(is_whole=True)), is_verified=True)
        of_registry = models.Q(repository__registry=repository.registry_id)
        return self.ready().filter(is_proved | of_registry & models.Exists(held))

    def of(self, digests: list[str]) -> Self:
        """Those of some layers."""
        return self.filter(digest__in=digests)


class Listing(models.Model):
    """What files one layer holds, or why that is not known."""

    class State(models.TextChoices):
        """How far it has come."""

        WAITING = "WAITING", gettext_lazy("waiting")
        READING = "READING", gettext_lazy("being read")
        READY = "READY", gettext_lazy("ready")
        FAILED = "FAILED", gettext_lazy("failed")

    digest = DigestField(unique=True, help_text="Of the layer as it is stored.")
    repository = models.ForeignKey(
        Repository,
        models.SET_NULL,
        null=True,
        related_name="listings",
        help_text="For which it is read, or was read last.",
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.TextField(blank=True, help_text="Why it failed, in words.")
    size_bytes = models.BigIntegerField(help_text="The layer's size as stored.")
    form = models.CharField(
        max_length=20, blank=True, help_text="stream, or the table of contents: estargz …"
    )
    compression = models.CharField(
        max_length=10, blank=True, help_text="gzip, zstd or none, by its bytes."
    )
    is_verified = models.BooleanField(
        default=False,
        help_text="Whether the whole layer was read and matched its digest; a table of contents is "
        "only checked against the digest that the manifest has for it.",
    )
    is_windows = models.BooleanField(default=False, help_text="Whether Windows wrote it.")
    entry_count = models.PositiveIntegerField(default=0)
    file_count = models.PositiveIntegerField(default=0, help_text="All that is no directory.")
    content_bytes = models.BigIntegerField(default=0, help_text="All its files together.")
    unpacked_bytes = models.BigIntegerField(default=0, help_text="The archive's size, unpacked.")
    misplaced_count = models.PositiveIntegerField(
        default=0, help_text="Entries that lead out of the image, and are left out."
    )
    read_at = models.DateTimeField(null=True, help_text="When it was read to its end.")

    objects = ListingQuerySet.as_manager()

    def __str__(self) -> str:
        """Return the layer."""
        return self.digest


class ListingChunk(ChunkBase):
    """Up to a thousand entries of a layer, by directory and name, compressed."""

    listing = models.ForeignKey(Listing, models.CASCADE, related_name="chunks")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["listing", "position"], name="listing_chunk_unique")
        ]

    def __str__(self) -> str:
        """Return which it is."""
        return f"{self.position} of {self.listing_id}"


class FileDigest(models.Model):
    """That a layer has a file, by its content; empty files are left out."""

    digest = models.BinaryField(max_length=32, help_text="The file's sha256, as 32 bytes.")
    listing = models.ForeignKey(
        Listing, models.CASCADE, related_name="file_digests", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["listing", "digest"], name="file_digest_unique")
        ]
        indexes = [models.Index(fields=["digest", "listing"], name="file_digest_by_file")]

    def __str__(self) -> str:
        """Return the file."""
        return bytes(self.digest).hex()[:12]
