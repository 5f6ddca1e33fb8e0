"""Sync runs: how far each has come, what it changed, what it could not read."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy

from registryui.catalog.models import Registry
from registryui.catalog.models.fields import NameField


class SyncRunQuerySet(models.QuerySet["SyncRun"]):
    """Runs, said as sentences."""

    def under_way(self) -> Self:
        """Those that have not come to an end."""
        return self.filter(state=SyncRun.State.RUNNING)

    def of_workers(self) -> Self:
        """Those that jobs do, not a command in somebody's terminal."""
        return self.exclude(trigger=SyncRun.Trigger.COMMAND)

    def newest_first(self) -> Self:
        """All of them, the newest first."""
        return self.order_by("-started_at", "-pk")


class SyncRun(models.Model):
    """One reconciliation of one registry: its catalog, and a visit to each repository."""

    class Trigger(models.TextChoices):
        """Why it began."""

        SCHEDULE = "SCHEDULE", gettext_lazy("it was time")
        PERSON = "PERSON", gettext_lazy("somebody asked for it")
        COMMAND = "COMMAND", gettext_lazy("the command syncregistry")

    class State(models.TextChoices):
        """How it stands."""

        RUNNING = "RUNNING", gettext_lazy("running")
        DONE = "DONE", gettext_lazy("done")
        FAILED = "FAILED", gettext_lazy("failed")
        STOPPED = "STOPPED", gettext_lazy("stopped")

    registry = models.ForeignKey(Registry, models.CASCADE, related_name="runs")
    trigger = models.CharField(max_length=10, choices=Trigger.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    is_full = models.BooleanField(
        default=True, help_text="Whether known tags are looked at again, not only new ones."
    )
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(help_text="When somebody last worked on it.")
    is_listed = models.BooleanField(
        default=False, help_text="Whether all repositories to visit are known."
    )
    has_catalog = models.BooleanField(
        null=True, help_text="Whether the registry listed its repositories."
    )
    is_complete = models.BooleanField(
        default=False, help_text="Whether the list of repositories was read to its end."
    )
    repositories_total = models.PositiveIntegerField(
        default=0, help_text="Repositories to visit, as far as known."
    )
    repositories_done = models.PositiveIntegerField(default=0)
    tags = models.PositiveIntegerField(default=0)
    new_manifests = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(
        default=0, help_text="Repositories in which a tag came, moved or went."
    )
    failed = models.PositiveIntegerField(
        default=0, help_text="Repositories with something that could not be read."
    )
    kept = models.PositiveIntegerField(
        default=0, help_text="Tags that wait because the registry counts what is fetched."
    )
    requests = models.PositiveIntegerField(default=0, help_text="What the registry was asked.")
    listing_requests = models.PositiveIntegerField(
        default=0, help_text="How many of them were for the list of repositories."
    )
    error = models.TextField(
        blank=True, help_text="What was wrong with the registry as a whole, in words."
    )

    objects = SyncRunQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-started_at", "-id"], name="syncrun_by_start"),
            models.Index(fields=["registry", "-started_at"], name="syncrun_by_registry"),
            models.Index(
                fields=["registry"], condition=Q(state="RUNNING"), name="syncrun_under_way"
            ),
        ]

    def __str__(self) -> str:
        """Return what is synced, and since when."""
        return f"{self.registry} at {self.started_at:%Y-%m-%d %H:%M:%S}"

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return reverse("sync-run", args=[self.pk])


class SyncChunk(models.Model):
    """Some repositories of a run that is under way: what one job visits, and how far it is."""

    run = models.ForeignKey(SyncRun, models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField()
    lane = models.PositiveIntegerField(
        null=True, help_text="Which of the registry's lanes works on it; nobody does yet if empty."
    )
    repositories: "models.JSONField[list[int], list[int]]" = models.JSONField(
        help_text="Row ids of those still to visit."
    )
    repositories_total = models.PositiveIntegerField()
    repositories_done = models.PositiveIntegerField(default=0)
    tags = models.PositiveIntegerField(default=0)
    new_manifests = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)
    requests = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="syncchunk_unique")]

    def __str__(self) -> str:
        """Return which it is."""
        return f"{self.number} of {self.run_id}"


class _AboutRepository(models.Model):
    run: Any
    repository = NameField(max_length=255, help_text="Its name.")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        """Return which repository it is about."""
        return self.repository


class SyncChange(_AboutRepository):
    """What a run found changed in a repository."""

    run = models.ForeignKey(SyncRun, models.CASCADE, related_name="changes")
    added = models.PositiveIntegerField(help_text="Tags that came.")
    moved = models.PositiveIntegerField(help_text="Tags that point elsewhere.")
    removed = models.PositiveIntegerField(help_text="Tags that went.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "repository"], name="syncchange_unique")
        ]


class SyncFailure(_AboutRepository):
    """What a run could not read of a repository, and why."""

    run = models.ForeignKey(SyncRun, models.CASCADE, related_name="failures")
    error = models.TextField(help_text="Why, in words.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "repository"], name="syncfailure_unique")
        ]
