"""A process that records events as fast as it can: ``python -m tests.audit.adding NAME COUNT``."""

import sys
import threading

import django


def main(name: str, count: int) -> None:
    """Record from two threads, each ``count`` events."""
    django.setup()
    from django.db import connection
    from django.utils import timezone

    from registryui.audit.api import Action, Actor, record

    def add(thread: int) -> None:
        for _ in range(count):
            record(
                Action.API_TOKEN,
                by=Actor(f"{name} {thread}", teams=("web",)),
                now=timezone.now(),
            )
        connection.close()

    threads = [threading.Thread(target=add, args=[number]) for number in (1, 2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
