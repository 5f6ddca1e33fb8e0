"""What is known of the documents attached to images, of packages, and of trusted keys."""

import zlib
from typing import Self

from django.db import models

from registryui.accounts.pattern import ANY, matches
from registryui.catalog.models import Manifest
from registryui.catalog.models.fields import DigestField, NameField
from registryui.supplychain.formats.parts import PaperKind
from registryui.supplychain.signing.judging import Evidence
from registryui.supplychain.signing.keys import Trusted, read_trusted
from registryui.supplychain.signing.verifying import Signed

# So much of a document is kept to be read by people; it is compressed.
KEPT_BYTES = 1024 * 1024


class DocumentQuerySet(models.QuerySet["Document"]):
    """Documents, said as sentences."""

    def without_content(self) -> Self:
        """All but their bytes, which only one page shows."""
        return self.defer("beginning")


class Document(models.Model):
    """A document attached to images, read once whichever repositories have it."""

    class State(models.TextChoices):
        """Whether it could be read."""

        READ = "READ", "read"
        FAILED = "FAILED", "not understood"

    class Kind(models.TextChoices):
        """What it is for."""

        SIGNATURE = PaperKind.SIGNATURE.value, "signature"
        SBOM = PaperKind.SBOM.value, "SBOM"
        PROVENANCE = PaperKind.PROVENANCE.value, "provenance"
        REPORT = PaperKind.REPORT.value, "vulnerability report"
        VEX = PaperKind.VEX.value, "VEX"
        STATEMENT = PaperKind.STATEMENT.value, "statement"
        UNKNOWN = "UNKNOWN", "unknown document"

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

    objects = DocumentQuerySet.as_manager()

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

        DONE = "DONE", "fetched"
        FAILED = "FAILED", "not fetched"

    manifest = models.OneToOneField(
        Manifest, models.CASCADE, primary_key=True, related_name="attached"
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


class Package(models.Model):
    """A package in one version, stored once for all images that have it."""

    ecosystem = NameField(max_length=30, blank=True, help_text="As purl says it: deb, npm, pypi.")
    name = NameField(max_length=255)
    version = NameField(max_length=128, blank=True)
    version_key = NameField(max_length=255, help_text="Sorts as the versions do.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "version", "ecosystem"], name="package_unique")
        ]
        indexes = [models.Index(fields=["name", "version_key"], name="package_by_version")]

    def __str__(self) -> str:
        """Return it as people write it."""
        return f"{self.name} {self.version}".strip()


class PackageUse(models.Model):
    """That an SBOM lists a package."""

    package = models.ForeignKey(Package, models.CASCADE, related_name="uses", db_index=False)
    document = models.ForeignKey(Document, models.CASCADE, related_name="package_uses")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["package", "document"], name="package_use_unique")
        ]

    def __str__(self) -> str:
        """Return both sides."""
        return f"{self.package_id} in {self.document_id}"


class Finding(models.Model):
    """A vulnerability that a report names, or what a VEX document states of one."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="findings")
    identifier = NameField(max_length=100, help_text="CVE-…, GHSA-…, as it is reported.")
    severity = models.CharField(max_length=20, blank=True, help_text="As it is reported.")
    package = NameField(max_length=255, blank=True)
    version = NameField(max_length=128, blank=True)
    fixed_version = models.CharField(max_length=255, blank=True)
    status = models.CharField(
        max_length=30, blank=True, help_text="What a VEX document states: not_affected …"
    )
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["identifier", "document"], name="finding_by_identifier")]

    def __str__(self) -> str:
        """Return what was found in what."""
        return f"{self.identifier} in {self.package}"


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

        VALID = "VALID", "made by this key"
        BROKEN = "BROKEN", "not made by the key that it names"

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
