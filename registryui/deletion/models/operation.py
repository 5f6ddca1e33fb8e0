"""Operations: what somebody confirmed, as the single writes that it takes."""

from typing import Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy

from registryui.accounts.access import Access
from registryui.catalog.models.fields import DigestField, NameField
from registryui.catalog.visibility import visible


class OperationQuerySet(models.QuerySet["Operation"]):
    """Operations, said as sentences."""

    def visible_to(self, access: Access) -> Self:
        """Those in repositories that exist for somebody."""
        return self.filter(visible(access, name="repository"))

    def unfinished(self) -> Self:
        """Those that have steps left to do."""
        return self.filter(finished_at=None)


class Operation(models.Model):
    """Some changes of one repository that somebody confirmed together.

    Who, where and what are texts, so that the record outlives what it is about.
    """

    class Kind(models.TextChoices):
        """What is to be done."""

        DELETE = "DELETE", gettext_lazy("deletion")
        RESTORE = "RESTORE", gettext_lazy("restore")
        COPY = "COPY", gettext_lazy("copy")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    registry = models.ForeignKey(
        "catalog.Registry", models.CASCADE, related_name="operations", db_index=False
    )
    repository = NameField(max_length=255)
    actor = models.JSONField(help_text="Who confirmed it, as the audit log names people.")
    actor_name = models.CharField(max_length=200)
    reason = models.CharField(
        max_length=300, blank=True, help_text="The retention rule it was done for; else empty."
    )
    restores = models.ForeignKey(
        "self", models.SET_NULL, null=True, related_name="restored_by", help_text="What it undoes."
    )
    freed_bytes = models.BigIntegerField(
        default=0, help_text="What garbage collection can free once all of it is done, as planned."
    )
    is_stop_asked = models.BooleanField(
        default=False, help_text="Somebody wants the steps that are left not to be done."
    )
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = OperationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["registry", "repository", "-id"], name="operation_by_repository"),
            models.Index(
                fields=["registry", "repository"],
                condition=models.Q(finished_at=None),
                name="operation_unfinished",
            ),
        ]

    def __str__(self) -> str:
        """Return what is done where."""
        return f"{self.get_kind_display()} in {self.repository}"

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return reverse("operation-detail", args=[self.pk])


class StepQuerySet(models.QuerySet["Step"]):
    """Steps, said as sentences."""

    def left(self) -> Self:
        """Those that are not over: a running one may have been cut off, so it is looked at."""
        return self.filter(state__in=(Step.State.WAITING, Step.State.RUNNING))


class Step(models.Model):
    """One thing done to one tag or one manifest, verified afterwards."""

    class Kind(models.TextChoices):
        """What is done."""

        UNTAG = "UNTAG", gettext_lazy("delete the tag")
        REPLACE = "REPLACE", gettext_lazy("replace the tag, then delete what replaced it")
        REMOVE = "REMOVE", gettext_lazy("delete the manifest with its tags")
        PUT = "PUT", gettext_lazy("put the manifest back")
        TAG = "TAG", gettext_lazy("point the tag to the manifest")

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "WAITING", gettext_lazy("waiting")
        RUNNING = "RUNNING", gettext_lazy("under way")
        DONE = "DONE", gettext_lazy("done")
        GONE = "GONE", gettext_lazy("was gone already")
        CHANGED = "CHANGED", gettext_lazy("not done: it changed meanwhile")
        REFUSED = "REFUSED", gettext_lazy("not done: refused")
        FAILED = "FAILED", gettext_lazy("not done: failed")
        UNKNOWN = "UNKNOWN", gettext_lazy("not known whether it was done")
        STOPPED = "STOPPED", gettext_lazy("not done: stopped")

    operation = models.ForeignKey(Operation, models.CASCADE, related_name="steps", db_index=False)
    position = models.PositiveIntegerField(help_text="Steps are done in this order.")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    tag = NameField(max_length=128, blank=True, help_text="Empty when it is about a digest.")
    digest = DigestField(help_text="Where the tag pointed, or the manifest.")
    goes_with = models.JSONField(
        default=list, help_text="The tags that go with the manifest: all that may point to it."
    )
    about = models.CharField(
        max_length=200, blank=True, help_text="What the manifest is, in words: linux/arm64 …"
    )
    stand_in = DigestField(blank=True, help_text="What replaces the tag for a moment.")
    replaces = DigestField(
        blank=True, help_text="What the tag points to before it is moved; empty if it must be new."
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.TextField(blank=True, help_text="Why it ended so, in words.")
    attempt = models.PositiveBigIntegerField(
        null=True, help_text="The audit event that announced it."
    )
    outcome = models.PositiveBigIntegerField(
        null=True, help_text="The audit event that says how it ended."
    )
    finished_at = models.DateTimeField(null=True)

    objects = StepQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["operation", "position"], name="step_unique")
        ]
        indexes = [models.Index(fields=["operation", "state"], name="step_by_state")]

    def __str__(self) -> str:
        """Return what is done to what."""
        return f"{self.kind} {self.tag or self.digest}"


class KeptManifest(models.Model):
    """The exact bytes of a manifest that an operation deletes, so that it can be put back."""

    operation = models.ForeignKey(
        Operation, models.CASCADE, related_name="kept_manifests", db_index=False
    )
    digest = DigestField()
    media_type = models.CharField(max_length=255)
    content = models.BinaryField(help_text="The exact bytes that the digest is of.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["operation", "digest"], name="kept_manifest_unique")
        ]

    def __str__(self) -> str:
        """Return its digest."""
        return self.digest
