"""Documents attached to images, and how far reading them has come."""

import zlib

from django.db import models
from django.utils.translation import gettext_lazy

from registryui.catalog.models import Manifest, Repository
from registryui.catalog.models.fields import DigestField
from registryui.supplychain.formats.parts import PaperKind

# So much of a document is kept to be read by people; it is compressed.
KEPT_BYTES = 1024 * 1024


class Document(models.Model):
    """A document attached to images, read once whichever repositories have it."""

    class State(models.TextChoices):
        """Whether it could be read."""

        READ = "READ", gettext_lazy("read")
        FAILED = "FAILED", gettext_lazy("not understood")

    class Kind(models.TextChoices):
        """What it is for."""

        SIGNATURE = PaperKind.SIGNATURE.value, gettext_lazy("signature")
        SBOM = PaperKind.SBOM.value, gettext_lazy("SBOM")
        PROVENANCE = PaperKind.PROVENANCE.value, gettext_lazy("provenance")
        REPORT = PaperKind.REPORT.value, gettext_lazy("vulnerability report")
        VEX = PaperKind.VEX.value, gettext_lazy("VEX")
        STATEMENT = PaperKind.STATEMENT.value, gettext_lazy("statement")
        UNKNOWN = "UNKNOWN", gettext_lazy("unknown document")

    digest = DigestField(unique=True)
    media_type = models.CharField(max_length=255, blank=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    form = models.CharField(max_length=60, blank=True, help_text="Its format, in words.")
    predicate_type = models.CharField(
        max_length=255, blank=True, help_text="What a statement states, as in-toto calls it."
    )
    state = models.CharField(max_length=10, choices=State.choices)
    words = models.TextField(blank=True, help_text="Why it was not understood; empty if it was.")
    size_bytes = models.BigIntegerField()
    made_by = models.CharField(
        max_length=500, blank=True, help_text="The builder or the tool that it names."
    )
    made_at = models.DateTimeField(null=True, help_text="When it says it was made.")
    subjects = models.TextField(
        blank=True, help_text="The digests it speaks about, if it says so itself."
    )
    facts = models.JSONField(default=dict, help_text="What else people read of it.")
    package_count = models.PositiveIntegerField(default=0)
    finding_count = models.PositiveIntegerField(default=0)
    is_cut = models.BooleanField(
        default=False, help_text="Whether it lists more than was taken from it."
    )
    read_at = models.DateTimeField(help_text="When it was fetched and read.")
    beginning = models.BinaryField(help_text="Its first mebibyte, compressed by zlib.")

    def __str__(self) -> str:
        """Return its digest."""
        return self.digest

    @property
    def kept(self) -> bytes:
        """Its bytes, as many as are kept."""
        return zlib.decompress(bytes(self.beginning))


class Attached(models.Model):
    """A manifest that speaks about images, and whether its documents were fetched."""

    class State(models.TextChoices):
        """How far that came."""

        DONE = "DONE", gettext_lazy("fetched")
        FAILED = "FAILED", gettext_lazy("not fetched")

    manifest = models.OneToOneField(
        Manifest, models.CASCADE, primary_key=True, related_name="attached"
    )
    repository = models.ForeignKey(
        Repository,
        models.SET_NULL,
        null=True,
        related_name="+",
        help_text="From which one they were asked for; why that failed is said there alone.",
    )
    state = models.CharField(max_length=10, choices=State.choices)
    words = models.TextField(blank=True, help_text="Why they were not; empty if they were.")
    tries = models.PositiveSmallIntegerField(default=0)
    read_at = models.DateTimeField(help_text="When this was last tried.")
    again_at = models.DateTimeField(
        null=True, help_text="When it is tried again; empty if it is not."
    )

    class Meta:
        verbose_name_plural = "attached manifests"
        indexes = [models.Index(fields=["again_at"], name="attached_by_retry")]

    def __str__(self) -> str:
        """Return which one it is."""
        return f"{self.manifest_id}: {self.get_state_display()}"


class AttachedDocument(models.Model):
    """At which position of which attached manifest a document is."""

    manifest = models.ForeignKey(Manifest, models.CASCADE, related_name="documents")
    document = models.ForeignKey(Document, models.CASCADE, related_name="places")
    position = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["manifest", "position"], name="attached_document_unique"
            )
        ]

    def __str__(self) -> str:
        """Return where it stands."""
        return f"{self.position} of {self.manifest_id}"


class Progress(models.Model):
    """How far the referrers of the index have been looked through; there is one row."""

    newest_referrer = models.BigIntegerField(default=0)

    class Meta:
        verbose_name_plural = "progress"

    def __str__(self) -> str:
        """Return how far."""
        return str(self.newest_referrer)

    @classmethod
    def so_far(cls) -> int:
        """Return the last referrer that was looked at."""
        return cls.objects.values_list("newest_referrer", flat=True).first() or 0
