"""The truth about background work: its tables; a queue only says when to look into them."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.db import IntegrityError, models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy


class JobQuerySet(models.QuerySet["Job"]):
    """Jobs, said as sentences."""

    def waiting(self) -> Self:
        """Those that nobody has begun."""
        return self.filter(state=Job.State.WAITING)

    def running(self) -> Self:
        """Those that somebody has begun, and has not given back."""
        return self.filter(state=Job.State.RUNNING)

    def due(self, now: datetime) -> Self:
        """Keep waiting ones whose time has come, and whose like nobody is running."""
        like = Job.objects.running().filter(kind=OuterRef("kind"), key=OuterRef("key"))
        return self.waiting().filter(~Exists(like), run_after__lte=now)


class Job(models.Model):
    """One piece of background work; a job like it is one with the same kind and key."""

    class State(models.TextChoices):
        """How far it has come."""

        WAITING = "WAITING", gettext_lazy("waiting")
        RUNNING = "RUNNING", gettext_lazy("running")
        DONE = "DONE", gettext_lazy("done")
        FAILED = "FAILED", gettext_lazy("failed")
        STOPPED = "STOPPED", gettext_lazy("stopped")

    kind = models.CharField(max_length=50, help_text="Which handler does it.")
    key = models.CharField(
        max_length=400, blank=True, help_text="What it is about; at most one waits and one runs."
    )
    arguments: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempt = models.PositiveIntegerField(
        default=0, help_text="How many times it was begun, interruptions not counted."
    )
    run_after = models.DateTimeField(help_text="It is not begun before.")
    sent_at = models.DateTimeField(
        null=True, help_text="When the queue was last told; it may lose what it was told."
    )
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(
        null=True, help_text="When its worker last said that it lives."
    )
    worker = models.CharField(max_length=120, blank=True, help_text="Host, process and a number.")
    error = models.TextField(blank=True, help_text="Why the last attempt failed.")

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"], condition=Q(state="WAITING"), name="job_one_waiting"
            ),
            models.UniqueConstraint(
                fields=["kind", "key"], condition=Q(state="RUNNING"), name="job_one_running"
            ),
        ]
        indexes = [
            models.Index(
                fields=["run_after"], condition=Q(state="WAITING"), name="job_waiting_by_time"
            ),
            models.Index(fields=["finished_at"], name="job_by_end"),
        ]

    def __str__(self) -> str:
        """Return what it does to what."""
        return f"{self.kind} {self.key}".rstrip()


class LeaseQuerySet(models.QuerySet["Lease"]):
    """Leases, taken and given back by compare-and-set."""

    def take(self, name: str, owner: str, *, now: datetime, duration: timedelta) -> bool:
        """Take a lease that is free or over, or renew one's own; False when another has it."""
        free = Q(owner=owner) | Q(expires_at__lte=now)
        expires_at = now + duration
        if self.filter(free, name=name).update(owner=owner, expires_at=expires_at):
            return True
        if self.filter(name=name).exists():
            return False
        try:
            with transaction.atomic():
                self.create(name=name, owner=owner, expires_at=expires_at)
        except IntegrityError:
            return False
        return True

    def release(self, name: str, owner: str) -> None:
        """Give a lease back; nothing happens when another has taken it since."""
        self.filter(name=name, owner=owner).delete()


class Lease(models.Model):
    """That something belongs to one worker for a while; who dies loses it by itself."""

    name = models.CharField(max_length=200, unique=True)
    owner = models.CharField(max_length=120)
    expires_at = models.DateTimeField(help_text="From then on anybody may take it.")

    objects = LeaseQuerySet.as_manager()

    def __str__(self) -> str:
        """Return what it is for."""
        return self.name
