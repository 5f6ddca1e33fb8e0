"""The one place where retention hands an operation over to whoever works off its steps."""

from datetime import datetime

from registryui.deletion.models import Operation
from registryui.jobs.api import enqueue

# As the execution of operations registers it: one job for each repository.
KIND = "operation"


def hand_over(operation: Operation, *, now: datetime) -> None:
    """Have the operation carried out as soon as a worker has time, after the commit."""
    enqueue(KIND, f"{operation.registry.slug} {operation.repository}", now=now)
