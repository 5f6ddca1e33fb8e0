"""Repositories, and what each of them holds."""

from typing import Self

from django.db import models
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from registryui.accounts.access import Access
from registryui.catalog.models.fields import DigestField, NameField
from registryui.catalog.models.manifest import Manifest
from registryui.catalog.models.registry import Registry
from registryui.catalog.visibility import visible


class RepositoryQuerySet(models.QuerySet["Repository"]):
    """Repositories, said as sentences."""

    def in_registry(self, registry: Registry) -> Self:
        """Those of one registry."""
        return self.filter(registry=registry)

    def named(self, registry: str, name: str) -> Self:
        """Keep the one of this name in the declared registry with this slug."""
        return self.filter(registry__slug=registry, registry__is_declared=True, name=name)

    def visible_to(self, access: Access) -> Self:
        """Those that exist for somebody."""
        return self.filter(visible(access))

    def largest_namespaces(self, most: int) -> list[tuple[str, int]]:
        """Count by namespace; the names without one are left out. Reads every row there is."""
        counts = self.exclude(namespace="").values_list("namespace").annotate(count=Count("pk"))
        return list(counts.order_by("-count", "namespace")[:most])

    def holding_images(self) -> Self:
        """Those that have tags, or whose tags nobody could read yet."""
        return self.filter(state=Repository.State.ACTIVE)


class Repository(models.Model):
    """A named collection in a registry, with the sums its lists are sorted by."""

    class State(models.TextChoices):
        """Whether there is something to see."""

        ACTIVE = "ACTIVE", gettext_lazy("active")
        EMPTY = "EMPTY", gettext_lazy("empty")
        GONE = "GONE", gettext_lazy("gone")

    class FoundBy(models.TextChoices):
        """What says that it is there."""

        LIST = "LIST", gettext_lazy("the registry's list")
        WATCHED = "WATCHED", gettext_lazy("its name, which is watched")
        NOTIFICATION = "NOTIFICATION", gettext_lazy("a notification of the registry")

    registry = models.ForeignKey(Registry, models.CASCADE, related_name="repositories")
    name = NameField(max_length=255)
    namespace = NameField(
        max_length=255,
        blank=True,
        help_text="The name's first component; empty if it has one only.",
    )
    state = models.CharField(
        max_length=10,
        choices=State.choices,
        default=State.ACTIVE,
        help_text="Active: has tags. Empty: listed without tags. Gone: no longer listed.",
    )
    tag_count = models.PositiveIntegerField(
        default=0, help_text="Tags that people chose; tags that hold signatures are not counted."
    )
    stored_bytes = models.BigIntegerField(
        default=0, help_text="Compressed bytes of all its manifests and blobs, each counted once."
    )
    newest_tag = models.CharField(max_length=128, blank=True, help_text="By version.")
    platforms = models.TextField(
        blank=True, help_text="The platforms of the newest tag, separated by spaces."
    )
    description = models.TextField(
        blank=True, help_text="What the newest image says of itself in its annotations or labels."
    )
    summary = models.CharField(
        max_length=200,
        blank=True,
        db_default="",
        help_text="What people here say it is, in one line; it goes before the description.",
    )
    star_count = models.PositiveIntegerField(
        default=0, db_default=0, help_text="How many people gave it a star."
    )
    is_automated = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Whether its newest image names its source and the build that made it.",
    )
    found_by = models.CharField(
        max_length=20,
        choices=FoundBy.choices,
        default=FoundBy.LIST,
        db_default=FoundBy.LIST,
        help_text="What says that it is there: the last list that had it, else its name or a push.",
    )
    first_seen_at = models.DateTimeField(help_text="When it was first found in the registry.")
    changed_at = models.DateTimeField(
        default=timezone.now,
        help_text="When a refresh last found a tag added, moved or removed; at first: first seen.",
    )
    refreshed_at = models.DateTimeField(
        null=True, help_text="When its tags were last read completely."
    )
    last_error = models.TextField(
        blank=True, help_text="Why the last refresh failed, in words; empty if it did not."
    )
    last_error_at = models.DateTimeField(null=True)
    kept_count = models.PositiveIntegerField(
        default=0,
        db_default=0,
        help_text="Tags whose images wait because the registry counts what is fetched.",
    )
    claimed_until = models.DateTimeField(
        null=True, help_text="While this lies ahead somebody is refreshing it."
    )

    objects = RepositoryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "repositories"
        constraints = [
            models.UniqueConstraint(fields=["registry", "name"], name="repository_name_unique")
        ]
        indexes = [
            # Each ends with the id: a far page is found in the index alone.
            models.Index(fields=["registry", "state", "name", "id"], name="repository_by_name"),
            models.Index(
                fields=["registry", "state", "-changed_at", "id"], name="repository_by_change"
            ),
            models.Index(
                fields=["registry", "state", "-tag_count", "id"], name="repository_by_tags"
            ),
            models.Index(
                fields=["registry", "state", "-stored_bytes", "id"], name="repository_by_size"
            ),
            models.Index(fields=["registry", "state", "namespace"], name="repository_by_namespace"),
            # The same for the list of all registries.
            models.Index(fields=["state", "name", "id"], name="repository_all_by_name"),
            models.Index(fields=["state", "-changed_at", "id"], name="repository_all_by_change"),
            models.Index(fields=["state", "-tag_count", "id"], name="repository_all_by_tags"),
            models.Index(fields=["state", "-stored_bytes", "id"], name="repository_all_by_size"),
            models.Index(fields=["state", "namespace"], name="repository_all_by_namespace"),
        ]

    def __str__(self) -> str:
        """Return its name."""
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of its tags."""
        return reverse("tag-list", args=[self.registry.slug, self.name])

    @property
    def best_description(self) -> str:
        """What people here say it is; where nobody did, what its newest image says."""
        return self.summary or self.description


class Presence(models.Model):
    """That a repository has a manifest, and since when; manifests themselves are shared."""

    repository = models.ForeignKey(Repository, models.CASCADE, related_name="presences")
    manifest = models.ForeignKey(Manifest, models.CASCADE, related_name="presences")
    first_seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["repository", "manifest"], name="presence_unique")
        ]

    def __str__(self) -> str:
        """Return both sides."""
        return f"{self.manifest_id} in {self.repository_id}"


class Referrer(models.Model):
    """A manifest that speaks about another one of the same repository, such as a signature."""

    class Source(models.TextChoices):
        """How we learned what it refers to."""

        SUBJECT = "SUBJECT", gettext_lazy("its subject")
        REFERRERS_API = "REFERRERS_API", gettext_lazy("the referrers API")
        FALLBACK_TAG = "FALLBACK_TAG", gettext_lazy("the referrers tag")
        COSIGN_TAG = "COSIGN_TAG", gettext_lazy("a cosign tag")
        BUILDKIT = "BUILDKIT", gettext_lazy("the index it is listed in")

    repository = models.ForeignKey(Repository, models.CASCADE, related_name="referrers")
    subject_digest = DigestField(help_text="The manifest it speaks about, which may be missing.")
    manifest = models.ForeignKey(Manifest, models.CASCADE, related_name="referrer_rows")
    kind = models.CharField(max_length=20, help_text="Signature, SBOM, attestation or artifact.")
    source = models.CharField(max_length=20, choices=Source.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["repository", "subject_digest", "manifest", "kind"], name="referrer_unique"
            )
        ]

    def __str__(self) -> str:
        """Return what it is about."""
        return f"{self.kind} of {self.subject_digest}"
