"""``manage.py runworker``: does background work until told to stop."""

from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand

from registryui.jobs.worker import Worker


class Command(BaseCommand):
    """Run one worker process; any number of them may run, on any number of machines."""

    help = "Does background work: syncs, and what registries report, until told to stop."

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
        Worker(threads=max(1, threads)).run()
