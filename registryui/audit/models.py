"""The log's tables: what was done, by which team's people, and where the chain ends."""

from datetime import timedelta
from typing import Any, NoReturn

from django.db import models

from registryui.audit.actions import Result, action_words
from registryui.audit.chain import NOTHING_BEFORE


class AppendOnlyError(TypeError):
    """Raised by whatever would change or remove an event."""

    def __init__(self) -> None:
        super().__init__("An audit event is never changed or removed; record another one.")


class AppendOnlyQuerySet(models.QuerySet["AuditEvent"]):
    """Events; they can be read."""

    def update(self, **changes: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnlyError

    def delete(self) -> NoReturn:
        """Refuse."""
        raise AppendOnlyError

    def bulk_update(self, *arguments: Any, **options: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnlyError


class AuditEvent(models.Model):
    """That somebody did something, or tried to, with what result; never changed afterwards.

    It names people and things by text, so that it outlives them; ``record`` alone makes it.
    """

    sequence = models.BigAutoField(primary_key=True, help_text="Its place in the chain, from 1.")
    at = models.DateTimeField(help_text="When, by the clock of the machine that recorded it.")
    actor = models.CharField(max_length=200, help_text="Who, by the name of that time.")
    actor_id = models.BigIntegerField(null=True, help_text="The user's row id at that time.")
    teams = models.TextField(blank=True, help_text="The actor's teams at that time.")
    address = models.CharField(max_length=100, blank=True, help_text="From where, as we know it.")
    # Not declared as choices: a new word must not need a migration.
    via = models.CharField(max_length=20, help_text="By which way: a session, a token …")
    action = models.CharField(max_length=50, help_text="What was done or tried.")
    registry = models.CharField(max_length=100, blank=True, help_text="The registry's slug.")
    repository = models.CharField(max_length=255, blank=True, help_text="Its name.")
    subject = models.CharField(
        max_length=300, blank=True, help_text="What it was done to: a tag, a user, a team, a rule."
    )
    digest = models.CharField(max_length=135, blank=True, help_text="The manifest, in full.")
    result = models.CharField(max_length=10, choices=Result.choices)
    reason = models.CharField(max_length=1000, blank=True, help_text="Why, in words.")
    details: "models.JSONField[dict[str, str], dict[str, str]]" = models.JSONField(
        default=dict, help_text="What else is worth knowing, as texts."
    )
    request_id = models.CharField(
        max_length=64, blank=True, help_text="The request's name in the log of the web server."
    )
    attempt = models.BigIntegerField(
        null=True, help_text="The sequence of the attempt that this is the outcome of."
    )
    previous_hash = models.CharField(max_length=64, help_text="The hash of the event before.")
    hash = models.CharField(max_length=64, help_text="SHA-256 of all other columns.")

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        # Lists go from the newest to older ones, whatever they are narrowed to.
        indexes = [
            models.Index(fields=["at"], name="audit_by_time"),
            models.Index(fields=["actor", "-sequence"], name="audit_by_actor"),
            models.Index(fields=["action", "-sequence"], name="audit_by_action"),
            models.Index(fields=["result", "-sequence"], name="audit_by_result"),
            models.Index(fields=["registry", "-sequence"], name="audit_by_registry"),
            models.Index(fields=["repository", "-sequence"], name="audit_by_repository"),
            models.Index(fields=["subject", "-sequence"], name="audit_by_subject"),
            models.Index(fields=["digest", "-sequence"], name="audit_by_digest"),
            models.Index(fields=["actor", "action", "-sequence"], name="audit_by_deed"),
            models.Index(fields=["action", "result", "-sequence"], name="audit_by_outcome"),
            models.Index(fields=["repository", "subject", "-sequence"], name="audit_by_place"),
            models.Index(fields=["attempt", "sequence"], name="audit_by_attempt"),
        ]

    def __str__(self) -> str:
        """Return who did what."""
        return f"{self.sequence}: {self.actor}, {action_words(self.action)}, {self.result.lower()}"

    def save(self, *arguments: Any, **options: Any) -> None:
        """Add it to the table; refuse if it is there."""
        if not self._state.adding:
            raise AppendOnlyError
        super().save(*arguments, **{**options, "force_insert": True})

    def delete(self, *arguments: Any, **options: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnlyError


class AuditTeam(models.Model):
    """That an event's actor was in a team: ``teams`` once more, to find events by one of them."""

    event = models.ForeignKey(
        AuditEvent, models.DO_NOTHING, related_name="team_rows", db_constraint=False, db_index=False
    )
    team = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "event"], name="audit_team_unique")]

    def __str__(self) -> str:
        """Return the team and the event."""
        return f"{self.team} {self.event_id}"


class AuditHead(models.Model):
    """Where the chain ends and where it begins: one row, locked by whoever records."""

    ONLY = 1

    sequence = models.BigIntegerField(default=0, help_text="Of the newest event; 0 before any.")
    hash = models.CharField(
        max_length=64, default=NOTHING_BEFORE, help_text="The newest event's hash."
    )
    latest_at = models.DateTimeField(null=True, help_text="The latest time of any event.")
    most_behind = models.DurationField(
        default=timedelta(0),
        help_text="How far an event's time was ever behind an earlier one's: machines differ.",
    )
    pruned_through = models.BigIntegerField(
        default=0, help_text="Events up to this sequence are no longer kept."
    )
    pruned_hash = models.CharField(
        max_length=64,
        default=NOTHING_BEFORE,
        help_text="The hash of the last event pruned: what the first one kept goes on from.",
    )

    def __str__(self) -> str:
        """Return the place and the hash of the newest event."""
        return f"{self.sequence}:{self.hash}"


class AuditCursor(models.Model):
    """How far the log was forwarded to one receiver."""

    target = models.CharField(max_length=20, unique=True, help_text="syslog or webhook.")
    sequence = models.BigIntegerField(
        default=0, help_text="Of the newest event that the receiver has."
    )
    failures = models.PositiveIntegerField(default=0, help_text="Since it last took something.")
    next_attempt_at = models.DateTimeField(null=True, help_text="It is left alone until then.")
    error = models.TextField(blank=True, help_text="Why it did not take the last ones.")

    def __str__(self) -> str:
        """Return the receiver and how far it is."""
        return f"{self.target} {self.sequence}"
