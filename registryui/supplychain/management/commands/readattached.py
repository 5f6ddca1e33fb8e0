"""Reads what is attached to images, in the foreground; workers do it by themselves."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from registryui.supplychain.working import read_all


class Command(BaseCommand):
    """Fetch and read everything attached to images that was not read before."""

    help = "Fetches and reads the documents that are attached to images."

    def handle(self, *args: Any, **options: Any) -> None:
        """Work until nothing is left, or no registry answers."""
        count = sum(1 for _ in read_all(timezone.now))
        self.stdout.write(f"Attached manifests read: {count}.")
