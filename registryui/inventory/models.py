"""What the inventory keeps beside the index, so that its pages only have to read it."""

from datetime import UTC, datetime
from typing import Self

from django.db import models
from django.db.models import F

from registryui.accounts.access import Access
from registryui.accounts.pattern import ANY
from registryui.catalog.models import Manifest, Registry, Repository, Tag
from registryui.catalog.models.fields import DigestField, NameField
from registryui.catalog.visibility import visible
from registryui.inventory.findings import NOTHING, Finding


class ImageFacts(models.Model):
    """What an image's documents say of it, read once; of an index, what its platforms say."""

    manifest = models.OneToOneField(
        Manifest, models.CASCADE, primary_key=True, related_name="image_facts"
    )
    facts_version = models.PositiveSmallIntegerField(
        help_text="By which rules it was read; others are read again in the background."
    )
    is_read = models.BooleanField(help_text="Whether the config was there to be read.")
    runs_as = models.CharField(
        max_length=64, blank=True, help_text="The user; empty: nobody is set, which means root."
    )
    is_root = models.BooleanField(
        null=True, help_text="Whether it starts as root; unknown where the config was not read."
    )
    secret_names = models.JSONField(
        default=list, help_text="Names of variables that look like secrets; never their values."
    )
    source = models.CharField(max_length=255, blank=True, help_text="The repository it names.")
    revision = models.CharField(max_length=255, blank=True, help_text="The commit it names.")
    base_name = models.CharField(max_length=255, blank=True, help_text="The base image it names.")
    base_digest = DigestField(max_length=255, blank=True, help_text="That image's digest.")

    class Meta:
        verbose_name_plural = "image facts"

    def __str__(self) -> str:
        """Return whose they are."""
        return f"Facts of {self.manifest_id}"


# Sorts as "before all others" on every database, which sort an empty date differently.
UNDATED = datetime(1970, 1, 1, tzinfo=UTC)


class InventoryRowQuerySet(models.QuerySet["InventoryRow"]):
    """Rows of the inventory, said as sentences."""

    def visible_to(self, access: Access) -> Self:
        """Those of repositories that exist for somebody.

        One range of names is read in order. Several, or none that an index knows, are compared
        with repositories, of which there are fewer than tags.
        """
        patterns = {scope.pattern for scope in access.scopes}
        if access.sees_everything or (len(patterns) == 1 and not patterns.pop().startswith(ANY)):
            return self.filter(visible(access, name="repository_name"))
        return self.filter(repository__in=Repository.objects.visible_to(access).values("pk"))

    def with_findings(self, findings: Finding) -> Self:
        """Those that have all of these."""
        if findings == NOTHING:
            return self
        return self.alias(found=F("findings").bitand(int(findings))).filter(found=int(findings))


class InventoryRow(models.Model):
    """One tag of the inventory, with what it is filtered, sorted and counted by."""

    tag = models.OneToOneField(Tag, models.CASCADE, primary_key=True, related_name="inventory_row")
    repository = models.ForeignKey(Repository, models.CASCADE, related_name="inventory_rows")
    registry = models.ForeignKey(Registry, models.CASCADE, related_name="+", db_index=False)
    repository_name = NameField(max_length=255)
    tag_name = NameField(max_length=128)
    findings = models.PositiveIntegerField(help_text="What may be wrong, one bit for each.")
    platforms = models.TextField(blank=True, help_text="With a space around each.")
    compressed_bytes = models.BigIntegerField()
    created_at = models.DateTimeField(
        help_text="When it says it was built; 1970 where there is no real build date."
    )
    first_seen_at = models.DateTimeField()
    has_signature = models.BooleanField(help_text="One is attached; nobody verified it.")
    has_sbom = models.BooleanField()
    has_provenance = models.BooleanField()

    objects = InventoryRowQuerySet.as_manager()

    class Meta:
        indexes = [
            # Each holds what a page is filtered by, so that it is found in the index alone.
            models.Index(
                fields=["repository_name", "tag_name", "registry", "findings", "tag"],
                name="inventory_by_name",
            ),
            models.Index(
                fields=["registry", "repository_name", "tag_name", "findings", "tag"],
                name="inventory_in_registry",
            ),
            models.Index(
                fields=["compressed_bytes", "tag", "registry", "findings"],
                name="inventory_by_size",
            ),
            models.Index(
                fields=["created_at", "tag", "registry", "findings"], name="inventory_by_created"
            ),
            models.Index(
                fields=["first_seen_at", "tag", "registry", "findings"], name="inventory_by_seen"
            ),
        ]

    def __str__(self) -> str:
        """Return what it is about."""
        return f"{self.repository_name}:{self.tag_name}"


class RepositoryInventory(models.Model):
    """When a repository's rows were last worked out, and how many have what."""

    repository = models.OneToOneField(
        Repository, models.CASCADE, primary_key=True, related_name="inventory"
    )
    as_of = models.DateTimeField(help_text="When its rows were worked out.")
    changed_at = models.DateTimeField(help_text="Its last change that was taken into account.")
    was_claimed = models.BooleanField(
        help_text="Whether somebody was reading the repository then, and may have written since."
    )
    rules = models.CharField(max_length=50, help_text="By which rules and settings.")
    newest_referrer = models.BigIntegerField(
        default=0, help_text="The newest signature or the like that was taken into account."
    )
    counts = models.JSONField(default=dict, help_text="How many tags have what.")

    class Meta:
        verbose_name_plural = "repository inventories"
        indexes = [models.Index(fields=["as_of"], name="inventory_by_age")]

    def __str__(self) -> str:
        """Return whose it is."""
        return f"Inventory of {self.repository_id}"


class InventoryCount(models.Model):
    """How many tags of a namespace have something, so that nobody needs to count them."""

    registry = models.ForeignKey(Registry, models.CASCADE, related_name="+", db_index=False)
    namespace = NameField(
        max_length=255, blank=True, help_text="Empty: of names without; a star: of all."
    )
    what = NameField(
        max_length=120, help_text="A finding, a platform, or the tags and repositories themselves."
    )
    count = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["registry", "namespace", "what"], name="inventory_count_unique"
            ),
        ]

    def __str__(self) -> str:
        """Return what it counts."""
        return f"{self.what} in {self.namespace}"
