"""Events to read, and people who may or may not read them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from registryui.audit import schema
from registryui.audit.api import Action, Actor, record
from registryui.audit.models import AuditEvent

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
ANN = Actor("ann", id=7, teams=("web", "ops"), address="192.0.2.1", request_id="abc123")
DIGEST = "sha256:" + "ab" * 32


@pytest.fixture
def log(db: None) -> Callable[..., AuditEvent]:
    """Return a function that records something with a few defaults."""

    def add(action: Action = Action.TAG_DELETE, **columns: Any) -> AuditEvent:
        return record(action, **{"by": ANN, "now": NOON, **columns})

    return add


@pytest.fixture
def tamper(db: None) -> Callable[..., None]:
    """Run SQL as somebody who may drop triggers."""

    def run(*statements: str) -> None:
        with connection.cursor() as cursor:
            for statement in (*schema.dropped(connection.vendor), *statements):
                cursor.execute(statement)

    return run
