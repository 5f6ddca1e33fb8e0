"""Diagnoses: what the doctor found in a registry, and when."""

from datetime import datetime
from typing import Any, Self

from django.db import models

from registryui.catalog.models import Registry
from registryui.connect.doctor.findings import State

KEPT = 10


class DiagnosisQuerySet(models.QuerySet["Diagnosis"]):
    """Diagnoses, said as sentences."""

    def of(self, registry: Registry) -> Self:
        """Those of one registry, the newest first."""
        return self.filter(registry=registry).order_by("-pk")

    def unfinished(self) -> Self:
        """Those that are asked for, or under way, or were given up."""
        return self.filter(finished_at=None)

    def forget_old(self, registry: Registry) -> None:
        """Delete all but the newest of a registry."""
        kept = list(self.of(registry).values_list("pk", flat=True)[:KEPT])
        self.filter(registry=registry).exclude(pk__in=kept).delete()


class Diagnosis(models.Model):
    """One examination of a registry."""

    registry = models.ForeignKey(Registry, models.CASCADE, related_name="diagnoses")
    asked_by = models.CharField(max_length=200, help_text="Who wanted it.")
    actor: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(
        default=dict, help_text="The same person as the audit log names them."
    )
    with_deletion = models.BooleanField(
        default=False, help_text="Whether deletion is to be tried, too."
    )
    created_at = models.DateTimeField(help_text="When it was asked for.")
    started_at = models.DateTimeField(null=True, help_text="When it was last begun.")
    finished_at = models.DateTimeField(null=True)
    error = models.TextField(
        blank=True, help_text="Why there was nothing to examine, in words; empty if there was."
    )

    objects = DiagnosisQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "diagnoses"

    def __str__(self) -> str:
        """Return what was examined when."""
        return f"{self.registry} at {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def is_broken(self) -> bool:
        """Whether anything is."""
        return bool(self.error) or self.looks.filter(state=State.BROKEN).exists()

    def begin(self, now: datetime) -> None:
        """Begin, or begin again after whoever was at it has died."""
        self.looks.all().delete()
        self.started_at, self.finished_at, self.error = now, None, ""
        self.save(update_fields=["started_at", "finished_at", "error"])

    def end(self, now: datetime, *, error: str = "") -> None:
        """End it."""
        self.finished_at, self.error = now, error
        self.save(update_fields=["finished_at", "error"])


class DiagnosisLook(models.Model):
    """What one look of an examination found."""

    diagnosis = models.ForeignKey(Diagnosis, models.CASCADE, related_name="looks")
    key = models.CharField(max_length=30, help_text="What was looked at.")
    state = models.CharField(max_length=20, choices=State.choices)
    words = models.TextField(help_text="What was found, and why.")
    fix = models.TextField(blank=True, help_text="What to do about it.")
    explanation = models.CharField(
        max_length=40, blank=True, help_text="Which famous error message goes with it."
    )
    milliseconds = models.PositiveIntegerField(help_text="How long it took.")

    def __str__(self) -> str:
        """Return what was found where."""
        return f"{self.key}: {self.get_state_display()}"
