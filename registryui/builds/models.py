"""Builds: what made an image, who says so, and the badges that show it elsewhere."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registryui.accounts.access import Access
from registryui.catalog.models import Registry, Repository
from registryui.catalog.models.fields import DigestField, NameField
from registryui.catalog.visibility import visible

LONGEST_ID = 200
LONGEST_TEXT = 255
LONGEST_SOURCE = 500
LONGEST_LINK = 1000


class BuildQuerySet(models.QuerySet["Build"]):
    """Builds, said as sentences."""

    def visible_to(self, access: Access) -> Self:
        """Those of repositories that one may see."""
        return self.filter(visible(access, name="repository"))

    def of(self, registry: int, repository: str) -> Self:
        """Those of one repository, also from before the index knew it."""
        return self.filter(registry=registry, repository=repository)

    def reported(self) -> Self:
        """Those that CI told us of."""
        return self.filter(learned=Build.Learned.REPORTED)

    def claimed(self) -> Self:
        """Those that images tell of themselves."""
        return self.exclude(learned=Build.Learned.REPORTED)

    def leading(self) -> Self:
        """Those that lists show as rows: what is known of the same build otherwise goes with it."""
        return self.filter(same_as=None)

    def newest_first(self) -> Self:
        """In the order of lists."""
        return self.order_by("-happened_at", "-pk")


class Build(models.Model):
    """One build of one repository, as one source tells it; nobody verified what it says."""

    class State(models.TextChoices):
        """How far it is."""

        QUEUED = "QUEUED", _("queued")
        RUNNING = "RUNNING", _("running")
        FAILED = "FAILED", _("failed")
        SUCCEEDED = "SUCCEEDED", _("succeeded")
        CANCELLED = "CANCELLED", _("cancelled")

    class Learned(models.TextChoices):
        """Who tells of it; the first is believed before the others."""

        REPORTED = "REPORTED", _("reported by CI")
        PROVENANCE = "PROVENANCE", _("claimed by the builder")
        LABELS = "LABELS", _("claimed by a label")

    registry = models.ForeignKey(Registry, models.CASCADE, related_name="builds", db_index=False)
    repository = NameField(max_length=255, help_text="Its name; the index may not know it yet.")
    learned = models.CharField(
        max_length=10, choices=Learned.choices, help_text="Who tells of the build."
    )
    external_id = NameField(
        max_length=LONGEST_ID, help_text="CI's name for it; of a claim, the image's digest."
    )
    state = models.CharField(max_length=10, choices=State.choices)
    source = models.CharField(
        max_length=LONGEST_SOURCE, blank=True, help_text="The repository that its source is in."
    )
    branch = NameField(max_length=LONGEST_TEXT, blank=True, help_text="Or tag of the source.")
    commit = NameField(max_length=LONGEST_TEXT, blank=True)
    dockerfile = models.CharField(max_length=LONGEST_TEXT, blank=True, help_text="Its path.")
    builder = models.CharField(max_length=LONGEST_TEXT, blank=True, help_text="What built it.")
    log_url = models.CharField(max_length=LONGEST_LINK, blank=True, help_text="Where its log is.")
    started_at = models.DateTimeField(
        null=True, help_text="As told; else when it was first reported to run."
    )
    finished_at = models.DateTimeField(
        null=True, help_text="As told; else when it was first reported to be over."
    )
    tags = models.JSONField(default=list, help_text="The tags that it made.")
    digest = DigestField(blank=True, help_text="The image that it made.")
    reported_by = models.CharField(
        max_length=200, blank=True, help_text="Whose token the last report came with."
    )
    reported_at = models.DateTimeField(help_text="When we last learned something of it.")
    happened_at = models.DateTimeField(
        help_text="What lists are sorted by: when it started, else when we first heard of it."
    )
    same_as = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        related_name="others",
        help_text="The row of the same build that is believed before this one.",
    )

    objects = BuildQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["registry", "repository", "learned", "external_id"], name="build_unique"
            )
        ]
        indexes = [
            models.Index(
                fields=["registry", "repository", "-happened_at", "-id"],
                condition=Q(same_as=None),
                name="build_by_time",
            ),
            models.Index(
                fields=["registry", "repository", "branch", "-happened_at", "-id"],
                name="build_by_branch",
            ),
            models.Index(fields=["registry", "repository", "digest"], name="build_by_digest"),
            models.Index(fields=["registry", "repository", "commit"], name="build_by_commit"),
        ]

    def __str__(self) -> str:
        """Return which it is."""
        return f"{self.repository} {self.external_id}"

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will come of it."""
        return self.state in FINISHED


FINISHED = frozenset({Build.State.FAILED, Build.State.SUCCEEDED, Build.State.CANCELLED})


class BuildBadge(models.Model):
    """That everybody who knows its secret address may see how a repository's builds go."""

    registry = models.ForeignKey(Registry, models.CASCADE, related_name="+", db_index=False)
    repository = NameField(max_length=255)
    token = models.CharField(
        max_length=64,
        unique=True,
        help_text="The secret in its address; kept as it is, so that it can be copied again.",
    )
    made_by = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["registry", "repository"], name="build_badge_unique")
        ]

    def __str__(self) -> str:
        """Return whose it is."""
        return f"Badge of {self.repository}"


class RepositoryClaims(models.Model):
    """Up to which state of a repository its images were asked where they come from."""

    repository = models.OneToOneField(
        Repository, models.CASCADE, primary_key=True, related_name="build_claims"
    )
    changed_at = models.DateTimeField(
        null=True, help_text="Its last change that was taken into account; empty before the first."
    )
    was_claimed = models.BooleanField(
        default=False,
        help_text="Whether somebody was reading the repository then, and may have written since.",
    )
    newest_referrer = models.BigIntegerField(
        default=0, help_text="The newest attachment that was taken into account."
    )
    documents = models.PositiveIntegerField(
        default=0, help_text="How many provenances of its images were read since."
    )
    documents_seen = models.PositiveIntegerField(
        default=0, help_text="How many of those were taken into account."
    )

    class Meta:
        verbose_name_plural = "repository claims"

    def __str__(self) -> str:
        """Return whose it is."""
        return f"Claims of {self.repository_id}"
