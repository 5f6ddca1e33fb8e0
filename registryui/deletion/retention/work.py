"""The one place where retention hands an operation over to whoever works off its steps."""

from datetime import datetime

from registryui.deletion.execution.worker import ask_for_work
from registryui.deletion.models import Operation


def hand_over(operation: Operation, *, now: datetime) -> None:
    """Have the operation carried out as soon as a worker has time, after the commit."""
    ask_for_work(operation, now)
