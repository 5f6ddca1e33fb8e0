"""What a form on the pages of deletions begins once it was confirmed."""

from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from registryui.accounts.http import AccessRequest
from registryui.audit.access import actor_of
from registryui.audit.api import Action, record
from registryui.deletion.execution.worker import ask_for_work
from registryui.deletion.models import Operation


def begin_confirmed(
    request: AccessRequest,
    begin: Callable[..., Operation],
    *,
    details: dict[str, object],
    subject: str = "",
    digest: str = "",
) -> Operation:
    """Write down, ask for and log what was confirmed: all three or nothing.

    ``begin`` writes it down; it is called with ``by`` and ``now``.
    """
    actor, now = actor_of(request), timezone.now()
    with transaction.atomic():
        operation = begin(by=actor, now=now)
        ask_for_work(operation, now)
        # Last, because others who record wait until the transaction ends.
        record(
            Action.PLAN_CONFIRM,
            by=actor,
            registry=operation.registry.slug,
            repository=operation.repository,
            subject=subject,
            digest=digest,
            details={"operation": operation.pk, **details},
            now=now,
        )
    return operation
