"""Asks for readings: one at a time for each person, and says how far they are."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from registryui.accounts.models import User
from registryui.catalog.models import Manifest, Repository
from registryui.contents.images import ImageLayer
from registryui.contents.models import Reading
from registryui.jobs.api import active, enqueue

KIND = "files"
# Instead of a path, which never begins so: the blob as it is stored.
BLOB_ITSELF = "/"


class BusyError(Exception):
    """Somebody has a reading that goes on; ``reading`` is that one."""

    def __init__(self, reading: Reading) -> None:
        super().__init__(str(reading))
        self.reading = reading


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be read: an image's layers, the one ``layer`` of it, or a file of that layer."""

    repository: Repository
    manifest: Manifest
    layers: tuple[ImageLayer, ...]
    layer: str = ""
    path: str = ""

    @property
    def total_bytes(self) -> int:
        """What has to be fetched at most."""
        return sum(each.descriptor.size_bytes for each in self.layers)


def ask_for_reading(wanted: Wanted, *, user_id: int, now: datetime) -> Reading:
    """Ask that layers be read, or one file of a layer fetched; raise BusyError.

    The same that somebody asked for already is returned instead.
    """
    manifest, layer, path = wanted.manifest, wanted.layer, wanted.path
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user_id)
        for under_way in Reading.objects.of_person(user_id).unfinished():
            if not is_live(under_way):
                under_way.delete()
            elif _key(under_way) == (wanted.repository.pk, manifest.pk, layer, path):
                return under_way
            else:
                raise BusyError(under_way)
        earlier = Reading.objects.of_person(user_id).filter(repository=wanted.repository)
        earlier.filter(manifest=manifest).delete()
        reading = Reading.objects.create(
            repository=wanted.repository,
            manifest=manifest,
            layer=layer,
            path=path,
            asked_by_id=user_id,
            created_at=now,
            total_bytes=wanted.total_bytes,
        )
        enqueue(KIND, str(reading.pk), now=now)
    return reading


def is_live(reading: Reading) -> bool:
    """Whether somebody is at it or will be: else, if it has no end, it was given up."""
    return reading.finished_at is None and active(KIND, str(reading.pk)).exists()


def reading_of(
    manifest: Manifest, repository: Repository, *, layer: str = "", path: str = ""
) -> Reading | None:
    """Return the newest reading of just this, by whomever; one that goes on before others."""
    rows = Reading.objects.filter(repository=repository, manifest=manifest, layer=layer, path=path)
    going_on = [each for each in rows.unfinished().order_by("-pk") if is_live(each)]
    return going_on[0] if going_on else rows.order_by("-pk").first()


def _key(reading: Reading) -> tuple[int, int, str, str]:
    return reading.repository_id, reading.manifest_id, reading.layer, reading.path
