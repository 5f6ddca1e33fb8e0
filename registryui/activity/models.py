"""Events: what a registry said was done in it."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from registryui.accounts.access import Access
from registryui.catalog.models import Registry, Repository
from registryui.catalog.models.fields import DigestField, NameField
from registryui.catalog.visibility import visible


class EventQuerySet(models.QuerySet["Event"]):
    """Events, said as sentences."""

    def in_declared_registries(self) -> Self:
        """Those of registries that are still declared."""
        return self.filter(registry__is_declared=True)

    def visible_to(self, access: Access) -> Self:
        """Those of repositories that one may see."""
        return self.filter(visible(access, name="repository"))

    def in_repository(self, repository: Repository) -> Self:
        """Those of one repository, also from before the index knew it."""
        return self.filter(registry=repository.registry_id, repository=repository.name)

    def pending(self) -> Self:
        """Those that the index does not reflect yet."""
        return self.filter(processed_at=None)


class Event(models.Model):
    """That somebody pushed, pulled or deleted something, as the registry told it.

    Registries send events twice and in any order, so an event is never the truth about a tag.
    """

    class Action(models.TextChoices):
        """What was done."""

        PUSH = "PUSH", gettext_lazy("pushed")
        PULL = "PULL", gettext_lazy("pulled")
        DELETE = "DELETE", gettext_lazy("deleted")

    registry = models.ForeignKey(Registry, models.CASCADE, related_name="events", db_index=False)
    event_id = NameField(max_length=200, help_text="The sender's name for it, or a digest of it.")
    action = models.CharField(max_length=10, choices=Action.choices)
    repository = NameField(max_length=255, help_text="Its name; the index may not know it.")
    tag = NameField(max_length=128, blank=True, help_text="Empty when done by digest.")
    digest = DigestField(blank=True, help_text="Empty when the registry did not say.")
    media_type = models.CharField(max_length=255, blank=True)
    actor = models.CharField(max_length=200, blank=True, help_text="Who, as the registry says.")
    user_agent = models.CharField(max_length=300, blank=True, help_text="With which program.")
    address = models.CharField(
        max_length=100, blank=True, help_text="From where; whoever it was may have made it up."
    )
    happened_at = models.DateTimeField(help_text="By the registry's clock.")
    received_at = models.DateTimeField(help_text="By ours.")
    processed_at = models.DateTimeField(
        null=True, help_text="When the index was brought in line with it."
    )

    objects = EventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["registry", "event_id"], name="event_unique")
        ]
        indexes = [
            models.Index(fields=["registry", "repository", "-id"], name="event_by_repository"),
            models.Index(fields=["action", "-id"], name="event_by_action"),
            models.Index(fields=["actor", "-id"], name="event_by_actor"),
            models.Index(fields=["received_at", "action"], name="event_by_time"),
            models.Index(
                fields=["registry", "repository"],
                condition=Q(processed_at=None),
                name="event_pending",
            ),
        ]

    def __str__(self) -> str:
        """Return what was done to what."""
        return f"{self.action} {self.repository}:{self.tag or self.digest}"


class ActivityDay(models.Model):
    """How often things were done in one repository on one day, or in a whole registry."""

    registry = models.ForeignKey(Registry, models.CASCADE, related_name="+", db_index=False)
    repository = NameField(max_length=255, blank=True, help_text="Empty: all of the registry.")
    day = models.DateField(help_text="In UTC.")
    pushes = models.PositiveBigIntegerField(default=0, help_text="Of tags.")
    pulls = models.PositiveBigIntegerField(default=0, help_text="Of tags.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["registry", "repository", "day"], name="activity_day_unique"
            )
        ]
        indexes = [models.Index(fields=["day"], name="activity_day_by_day")]

    def __str__(self) -> str:
        """Return where and when."""
        return f"{self.repository} {self.day}"
