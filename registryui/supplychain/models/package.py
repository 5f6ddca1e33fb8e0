"""What documents list: packages, and vulnerabilities."""

from django.db import models

from registryui.catalog.models.fields import NameField
from registryui.supplychain.models.document import Document


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
