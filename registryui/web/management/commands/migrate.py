"""Django's migrate, by one process at a time: several machines may start together."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.commands import migrate
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

ADVISORY_LOCK = 7_267_657_283  # any number that nobody else in the database uses


class Command(migrate.Command):
    """Wait until no other process migrates this database, then migrate what is left."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, alone."""
        with alone(connections[options["database"]]):
            super().handle(*args, **options)
            call_command("createcachetable", database=options["database"], verbosity=0)


@contextmanager
def alone(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Hold a lock that the other processes wait for; it goes with us if we are killed."""
    if connection.vendor == "postgresql":
        with _advisory_lock(connection):
            yield
    elif connection.vendor == "sqlite" and not _is_in_memory(connection):
        with _locked_file(Path(f"{connection.settings_dict['NAME']}.migrating")):
            yield
    else:
        yield


@contextmanager
def _advisory_lock(connection: BaseDatabaseWrapper) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [ADVISORY_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_LOCK])


@contextmanager
def _locked_file(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _is_in_memory(connection: BaseDatabaseWrapper) -> bool:
    name = str(connection.settings_dict["NAME"])
    return name == ":memory:" or "mode=memory" in name
