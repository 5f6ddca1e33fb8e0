"""Print a link for the first administrator."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from registryui.accounts.links import make_set_up_link


class Command(BaseCommand):
    """Make a link that works once, while there is no administrator who can sign in."""

    help = "Print a link that works once, for a day: whoever opens it becomes an administrator."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare where people reach Registry UI."""
        parser.add_argument(
            "--site",
            default="http://127.0.0.1:8000",
            help="where people open Registry UI, without a path",
        )

    def handle(self, *, site: str, **options: object) -> None:
        """Print it."""
        path = make_set_up_link(now=timezone.now())
        if path is None:
            raise CommandError(
                "There is an administrator who can sign in. To become another one, ask them."
            )
        self.stdout.write(f"{site.rstrip('/')}{path}")
