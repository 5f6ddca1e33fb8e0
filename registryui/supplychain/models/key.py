"""Trusted keys, signatures, and which key made which."""

from django.db import models
from django.utils.translation import gettext_lazy

from registryui.accounts.pattern import ANY, matches
from registryui.catalog.models import Manifest
from registryui.supplychain.models.document import Document
from registryui.supplychain.signing.judging import Evidence
from registryui.supplychain.signing.keys import Trusted, read_trusted
from registryui.supplychain.signing.verifying import Signed


class TrustedKey(models.Model):
    """A public key or certificate whose signatures count, and for which repositories."""

    name = models.CharField(max_length=100, unique=True)
    pem = models.TextField(help_text="As it was pasted.")
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of the public key.")
    words = models.CharField(max_length=60, help_text="What kind of key it is.")
    registry = models.CharField(max_length=50, default=ANY, help_text="A slug; a star: all.")
    repository = models.CharField(max_length=255, default=ANY, help_text="A pattern of names.")
    expires_at = models.DateTimeField(null=True, help_text="When a certificate ends.")
    added_by = models.CharField(max_length=200)
    added_at = models.DateTimeField()
    checked_at = models.DateTimeField(
        null=True, help_text="When all known signatures had been tried with it; empty before."
    )

    def __str__(self) -> str:
        """Return its name."""
        return self.name

    def covers(self, registry: str, repository: str) -> bool:
        """Say whether its signatures count in a repository."""
        return self.registry in (ANY, registry) and matches(self.repository, repository)

    @property
    def trusted(self) -> Trusted:
        """The key itself."""
        return read_trusted(self.pem)


class Signature(models.Model):
    """One signature, with what it can be verified with again when trusted keys change."""

    manifest = models.ForeignKey(Manifest, models.CASCADE, related_name="signatures")
    document = models.ForeignKey(Document, models.CASCADE, related_name="signatures")
    position = models.PositiveIntegerField(help_text="Which of the manifest's, in order.")
    value = models.BinaryField(help_text="The signature itself.")
    digests = models.BinaryField(help_text="SHA-256, SHA-384 and SHA-512 of what it is over.")
    content = models.BinaryField(null=True, help_text="What it is over, unless that is too long.")
    certificates = models.TextField(blank=True, help_text="PEM, the signing one first.")
    signer = models.CharField(
        max_length=500, blank=True, help_text="Whom the certificate names; nobody checked that."
    )
    key_hint = models.CharField(max_length=200, blank=True, help_text="The key that it names.")
    has_log_entry = models.BooleanField(
        default=False, help_text="Whether an entry of a transparency log came with it."
    )
    is_checkable = models.BooleanField(
        default=True, help_text="False for Notation's, which are shown and not verified."
    )
    fault = models.CharField(max_length=20, blank=True, help_text="What is wrong whoever made it.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["manifest", "position"], name="signature_unique")
        ]

    def __str__(self) -> str:
        """Return where it is."""
        return f"{self.position} of {self.manifest_id}"

    @property
    def evidence(self) -> Evidence:
        """It, as it is verified."""
        content = bytes(self.content) if self.content is not None else None
        return Evidence(
            bytes(self.value),
            Signed(bytes(self.digests), content),
            self.certificates,
            self.key_hint,
        )


class Verification(models.Model):
    """That a trusted key made a signature, or is named by one that it did not make."""

    class Result(models.TextChoices):
        """What came of it; a key that is not the one has no row."""

        VALID = "VALID", gettext_lazy("made by this key")
        BROKEN = "BROKEN", gettext_lazy("not made by the key that it names")

    signature = models.ForeignKey(Signature, models.CASCADE, related_name="verifications")
    key = models.ForeignKey(TrustedKey, models.CASCADE, related_name="verifications")
    result = models.CharField(max_length=10, choices=Result.choices)
    checked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["signature", "key"], name="verification_unique")
        ]

    def __str__(self) -> str:
        """Return what came of it."""
        return f"{self.signature_id} by {self.key_id}: {self.result}"
