"""Brings the inventory in line with the index, in the foreground; workers do it by themselves."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from registryui.inventory.stock import take_stock
from registryui.inventory.working import outdated


class Command(BaseCommand):
    """Take stock of everything that changed since it was last taken."""

    help = "Brings the inventory in line with the index."

    def handle(self, *args: Any, **options: Any) -> None:
        """Work until nothing is outdated."""
        count = 0
        now = timezone.now()
        while repositories := outdated(now):
            take_stock(repositories, now=now)
            count += len(repositories)
        self.stdout.write(f"Took stock of {count} repositories.")
