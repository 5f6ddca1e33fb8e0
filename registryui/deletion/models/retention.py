"""Retention rules, and every run of one."""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy

from registryui.accounts.models.team import validate_pattern
from registryui.accounts.pattern import ANY, matches
from registryui.catalog.models.fields import NameField
from registryui.deletion.models.protection import validate_tag_pattern

SUNDAY = 6


class RetentionRuleQuerySet(models.QuerySet["RetentionRule"]):
    """Rules, said as sentences."""

    def switched_on(self) -> "RetentionRuleQuerySet":
        """Those that delete."""
        return self.filter(is_on=True)

    def due(self, now: datetime) -> "RetentionRuleQuerySet":
        """Those whose time has come."""
        return self.switched_on().filter(next_run_at__lte=now)

    def about(self, registry: str, repository: str) -> list["RetentionRule"]:
        """Those that say something about a repository."""
        rules: Iterable[RetentionRule] = self.filter(Q(registry=registry) | Q(registry=ANY))
        return [rule for rule in rules if matches(rule.repository, repository)]


class RetentionRule(models.Model):
    """Which tags of some repositories are kept; those that it does not keep are deleted."""

    class Age(models.TextChoices):
        """By what tags are old."""

        CREATED = "CREATED", gettext_lazy("they were built")
        SEEN = "SEEN", gettext_lazy("we first saw them where they point")

    class Newest(models.TextChoices):
        """By what tags are the newest."""

        VERSION = "VERSION", gettext_lazy("by version")
        CREATED = "CREATED", gettext_lazy("by the date they were built")
        SEEN = "SEEN", gettext_lazy("by when we first saw them where they point")

    class Schedule(models.TextChoices):
        """How often it runs."""

        HOURLY = "HOURLY", gettext_lazy("every hour")
        DAILY = "DAILY", gettext_lazy("every day")
        WEEKLY = "WEEKLY", gettext_lazy("every Sunday")

    name = models.CharField(max_length=100, unique=True, help_text="What people call it.")
    registry = models.CharField(
        max_length=50, default=ANY, help_text="The registry's name in addresses; * for all."
    )
    repository = models.CharField(
        max_length=255,
        default=ANY,
        validators=[validate_pattern],
        help_text="Which repositories, by name; * stands for any text.",
    )
    tag = models.CharField(
        max_length=128,
        default=ANY,
        validators=[validate_tag_pattern],
        help_text="Which tags it decides over; * stands for any text.",
    )
    newest = models.PositiveIntegerField(
        null=True, blank=True, help_text="So many of the newest are kept; empty: no such condition."
    )
    newest_by = models.CharField(max_length=10, choices=Newest.choices, default=Newest.VERSION)
    days = models.PositiveIntegerField(
        null=True, blank=True, help_text="Tags younger than so many days are kept."
    )
    days_by = models.CharField(max_length=10, choices=Age.choices, default=Age.CREATED)
    pulled_days = models.PositiveIntegerField(
        null=True, blank=True, help_text="Tags that were pulled within so many days are kept."
    )
    kept = models.CharField(
        max_length=500, blank=True, help_text="Patterns of tags that are kept, spaces between them."
    )
    untagged_days = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text="Manifests that no tag has led to for so many days are deleted, too.",
    )
    max_percent = models.PositiveIntegerField(
        default=50,
        help_text="A run that would delete more of a repository's tags waits for somebody's word.",
    )
    is_on = models.BooleanField(default=False, help_text="Whether it deletes; else it is tried.")
    schedule = models.CharField(max_length=10, choices=Schedule.choices, default=Schedule.DAILY)
    hour = models.PositiveIntegerField(default=3, help_text="At which hour, in UTC.")
    next_run_at = models.DateTimeField(null=True, help_text="When it runs next, if it is on.")
    created_by = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()

    objects = RetentionRuleQuerySet.as_manager()

    def __str__(self) -> str:
        """Return its name."""
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return reverse("retention-detail", args=[self.pk])

    @property
    def settings(self) -> dict[str, object]:
        """All that decides over what it deletes, by column."""
        return {name: getattr(self, name) for name in DECISIVE}

    @property
    def fingerprint(self) -> str:
        """A text that is another one as soon as anything decisive is."""
        return hashlib.sha256(json.dumps(self.settings, sort_keys=True).encode()).hexdigest()[:32]

    def next_after(self, now: datetime) -> datetime:
        """Return the first moment of its schedule that lies ahead."""
        on_the_hour = now.replace(minute=0, second=0, microsecond=0)
        if self.schedule == self.Schedule.HOURLY:
            return on_the_hour + timedelta(hours=1)
        moment = on_the_hour.replace(hour=self.hour)
        while moment <= now or (
            self.schedule == self.Schedule.WEEKLY and moment.weekday() != SUNDAY
        ):
            moment += timedelta(days=1)
        return moment


DECISIVE = (
    "registry", "repository", "tag", "newest", "newest_by", "days", "days_by", "pulled_days",
    "kept", "untagged_days", "max_percent",
)  # fmt: skip


class RetentionRunQuerySet(models.QuerySet["RetentionRun"]):
    """Runs, said as sentences."""

    def newest_first(self) -> "RetentionRunQuerySet":
        """In the order they were asked for, the last one first."""
        return self.order_by("-pk")

    def unfinished(self) -> "RetentionRunQuerySet":
        """Those that a worker has yet to do or to end."""
        return self.filter(state__in=(RetentionRun.State.WAITING, RetentionRun.State.RUNNING))


class RetentionRun(models.Model):
    """One run of a rule: what it said then, what it chose, and what came of that.

    The rule is told as text, so that the record outlives it.
    """

    class State(models.TextChoices):
        """How it stands."""

        WAITING = "WAITING", gettext_lazy("waiting for a worker")
        RUNNING = "RUNNING", gettext_lazy("running")
        HELD = "HELD", gettext_lazy("waits to be confirmed")
        DONE = "DONE", gettext_lazy("done")
        REFUSED = "REFUSED", gettext_lazy("refused")
        FAILED = "FAILED", gettext_lazy("failed")

    rule = models.ForeignKey(RetentionRule, models.SET_NULL, null=True, related_name="runs")
    rule_name = models.CharField(max_length=100)
    registry = models.CharField(max_length=50)
    repository = models.CharField(max_length=255)
    settings = models.JSONField(help_text="All that the rule said then.")
    fingerprint = models.CharField(max_length=32, help_text="Of those settings.")
    is_dry = models.BooleanField(help_text="Whether nothing was deleted.")
    is_confirmed = models.BooleanField(
        default=False, help_text="Whether somebody let go what was held."
    )
    actor_name = models.CharField(max_length=200, help_text="Who asked for it.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    error = models.TextField(blank=True, help_text="Why it was refused or failed, in words.")
    repository_count = models.PositiveIntegerField(default=0, help_text="Repositories looked at.")
    going_count = models.PositiveIntegerField(default=0, help_text="Tags that go.")
    staying_count = models.PositiveIntegerField(default=0, help_text="Tags that stay.")
    untagged_count = models.PositiveIntegerField(default=0, help_text="Manifests without tags.")
    skipped_count = models.PositiveIntegerField(default=0, help_text="Repositories left alone.")
    held_count = models.PositiveIntegerField(default=0, help_text="Repositories that wait.")
    freed_bytes = models.BigIntegerField(default=0, help_text="What garbage collection can free.")
    position = models.BigIntegerField(
        default=0, help_text="The row id of the last repository looked at: it goes on after that."
    )
    attempt = models.PositiveBigIntegerField(
        null=True, help_text="The audit event that announced it."
    )
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = RetentionRunQuerySet.as_manager()

    def __str__(self) -> str:
        """Return what ran."""
        return f"{'dry ' if self.is_dry else ''}run of {self.rule_name}"

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return reverse("retention-run", args=[self.pk])


class RetentionPart(models.Model):
    """What a run decided about one repository."""

    class State(models.TextChoices):
        """What came of it."""

        NOTHING = "NOTHING", gettext_lazy("nothing goes")
        CHOSEN = "CHOSEN", gettext_lazy("would go")
        BEGUN = "BEGUN", gettext_lazy("begun")
        HELD = "HELD", gettext_lazy("held")
        SKIPPED = "SKIPPED", gettext_lazy("left alone")

    run = models.ForeignKey(RetentionRun, models.CASCADE, related_name="parts", db_index=False)
    registry = models.CharField(max_length=50)
    repository = NameField(max_length=255)
    state = models.CharField(max_length=10, choices=State.choices)
    reason = models.TextField(blank=True, help_text="Why it was held or left alone, in words.")
    going_count = models.PositiveIntegerField(default=0)
    staying_count = models.PositiveIntegerField(default=0)
    untagged_count = models.PositiveIntegerField(default=0)
    freed_bytes = models.BigIntegerField(default=0)
    verdicts = models.JSONField(
        default=list, help_text="Each tag with its digest, whether it goes, and why."
    )
    operation = models.ForeignKey(
        "deletion.Operation",
        models.SET_NULL,
        null=True,
        related_name="+",
        help_text="What carries it out.",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "registry", "repository"], name="retention_part_unique"
            )
        ]
        indexes = [models.Index(fields=["run", "state"], name="retention_part_by_state")]

    def __str__(self) -> str:
        """Return where it is about."""
        return f"{self.repository} in {self.run_id}"
