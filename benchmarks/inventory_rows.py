"""The inventory of a large index: facts written straight into the database, stock taken of them."""

import itertools
import random
from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone

from registryui.catalog.models import Manifest, Repository
from registryui.inventory.models import ImageFacts
from registryui.inventory.reading import FACTS_VERSION
from registryui.inventory.stock import take_stock

AT_ONCE = 500
BATCH = 5000


def fill() -> None:
    """Make up what the images say of themselves, and work all rows out of it."""
    chance = random.Random(20260101)
    facts = _facts(chance)
    while batch := list(itertools.islice(facts, BATCH)):
        with transaction.atomic():
            ImageFacts.objects.bulk_create(batch, ignore_conflicts=True)
    now = timezone.now()
    last = 0
    while rows := list(Repository.objects.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        take_stock(rows, now=now)
        last = rows[-1].pk


def _facts(chance: random.Random) -> Iterator[ImageFacts]:
    """Yield facts: half as root, one in a thousand with a secret, most with a source."""
    keys = Manifest.objects.filter(kind="IMAGE").order_by("pk").values_list("pk", flat=True)
    for key in keys.iterator(chunk_size=BATCH):
        is_root = chance.random() < 0.5
        yield ImageFacts(
            manifest_id=key,
            facts_version=FACTS_VERSION,
            is_read=True,
            runs_as="" if is_root else "10001",
            is_root=is_root,
            secret_names=["API_TOKEN"] if chance.random() < 0.001 else [],
            source=f"https://git.example/team/{key % 1000}" if chance.random() < 0.8 else "",
            revision=f"{chance.getrandbits(160):040x}" if chance.random() < 0.6 else "",
            base_name="registry.example/library/debian:12",
        )
