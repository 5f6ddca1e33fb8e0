"""``manage.py runworker``: does background work until told to stop."""

from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand

from registryui.connections import close_clients
from registryui.jobs.api import Worker
from registryui.sync.declare import declare_registries


class Command(BaseCommand):
    """Run one worker process; any number of them may run, on any number of machines."""

    help = "Does background work, such as syncs, until told to stop."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take how many jobs to do at the same time."""
        parser.add_argument(
            "--threads",
            type=int,
            default=settings.WORKER_THREADS,
            help="how many jobs to do at the same time",
        )

    def handle(self, *, threads: int, **options: object) -> None:
        """Work."""
        declare_registries(settings.REGISTRIES)
        Worker(threads=max(1, threads)).run()
        close_clients()
