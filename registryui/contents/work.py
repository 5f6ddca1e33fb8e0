"""What a worker does of this app: it reads the layers of an image, or fetches one file."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.utils.translation import gettext_noop

from registryui.connections import UndeclaredRegistryError, client_for
from registryui.contents.asking import BLOB_ITSELF, KIND
from registryui.contents.copies import copies
from registryui.contents.fetching import Fetcher, Tell, client_limits
from registryui.contents.images import Image, ImageLayer, image_of, is_elsewhere
from registryui.contents.installed import store_packages
from registryui.contents.models import Listing, PackageList, Reading, Tree
from registryui.contents.reading.errors import ReadingError
from registryui.contents.reading.merging import Merged
from registryui.contents.reading.rows import Row
from registryui.contents.storing import (
    lines_of,
    row_at,
    store_listing,
    store_tree,
    tree_of_layers,
)
from registryui.distribution.client import RegistryClient
from registryui.distribution.errors import RegistryError
from registryui.jobs.api import Lease, Retry, RunningJob, handler
from registryui.sync.pause import keep_pause, tell_pause

# A layer belongs to one worker at a time; who dies loses it by itself.
LEASE = timedelta(seconds=60)
LOOK_AGAIN = timedelta(seconds=2)

Renew = Callable[[], None]


@handler(KIND)
def read_files(job: RunningJob) -> None:
    """Do what a reading wants, unless it was forgotten."""
    rows = Reading.objects.unfinished().select_related("repository__registry", "manifest")
    reading = rows.filter(pk=int(job.key)).first()
    if reading is None:
        return
    registry = reading.repository.registry
    keep_pause(registry, now=job.now)
    reading.begin(job.now)
    try:
        client = client_for(registry, limits=client_limits())
        tell_pause(registry, client, now=job.now)
        _Course(job, reading, client).run()
    except (ReadingError, RegistryError, UndeclaredRegistryError) as error:
        reading.end(job.now, error=str(error))
    except OSError as error:
        reading.end(job.now, error=_disk_words(error))
    else:
        reading.end(job.now)


_DISK = gettext_noop(
    "The directory for copies of layers cannot be written to: {why}. Whoever runs "
    "Registry UI can make room, or set REGISTRYUI_FILES_DIR to another."
)


def _disk_words(error: OSError) -> str:
    return _DISK.format(why=error.strerror or type(error).__name__)


@dataclass(slots=True)
class _Course:
    """One reading, from its beginning to its end."""

    job: RunningJob
    reading: Reading
    client: RegistryClient

    def run(self) -> None:
        image = image_of(self.reading.manifest)
        if self.reading.path == BLOB_ITSELF:
            self._fetch_blob(image)
            return
        if self.reading.path:
            self._fetch_file(image)
            return
        for layer in image.readable:
            if self.reading.layer in ("", layer.digest):
                self._read_layer(layer)
        if not self.reading.layer:
            self._merge(image)

    def _read_layer(self, layer: ImageLayer) -> None:
        size = layer.descriptor.size_bytes
        listing, _made = Listing.objects.get_or_create(
            digest=layer.digest, defaults={"size_bytes": size}
        )
        if listing.state == Listing.State.READY:
            return
        with self._alone(f"files {layer.digest}") as renew:
            rows = Listing.objects.filter(pk=listing.pk)
            if rows.filter(state=Listing.State.READY).exists():
                return

            def tell(fetched: int) -> None:
                renew()
                rows.update(progress_bytes=fetched)

            rows.update(state=Listing.State.READING, progress_bytes=0, size_bytes=size, reason="")
            try:
                # What is listed counts for all registries, and the part of a layer that a table
                # is in is verified by nothing: one of them could write the list for the others.
                by_table = not is_elsewhere(layer.digest, self.reading.repository.registry)
                found = self._fetcher(tell).layer(layer, by_table=by_table)
                store_listing(listing, found, now=self.job.now)
            except ReadingError as error:
                rows.update(state=Listing.State.FAILED, reason=str(error))
                raise
            except RegistryError:
                # All repositories with this layer show it, and an error names the one that was
                # asked: only who reads there may know.
                reason = gettext_noop("Its registry did not give it when it was last asked.")
                rows.update(state=Listing.State.FAILED, reason=reason)
                raise

    def _fetch_file(self, image: Image) -> None:
        layer = image.layer(self.reading.layer)
        listing = Listing.objects.ready().of([self.reading.layer]).first()
        row = row_at(listing, self.reading.path) if listing else None
        if layer is None or row is None or not row.sha256:
            raise ReadingError(gettext_noop("There is no such file in this layer."))
        with self._alone(f"files {layer.digest}") as renew:
            self._fetcher(self._telling(renew)).file(layer, row)

    def _fetch_blob(self, image: Image) -> None:
        layer = image.layer(self.reading.layer)
        if layer is None:
            raise ReadingError(gettext_noop("There is no such file in this manifest."))
        with self._alone(f"files {layer.digest}") as renew:
            self._fetcher(self._telling(renew)).blob(layer)

    def _telling(self, renew: Renew) -> Tell:
        def tell(fetched: int) -> None:
            renew()
            Reading.objects.filter(pk=self.reading.pk).update(progress_bytes=fetched)

        return tell

    def _merge(self, image: Image) -> None:
        digests = [layer.digest for layer in image.layers]
        tree = tree_of_layers(digests)
        if tree and PackageList.objects.filter(tree=tree).exists():
            return
        with self._alone(f"files {image.key}") as renew:
            tree = tree or store_tree(image.key, self._merged(image), now=self.job.now)
            self._list_packages(tree, image, renew)

    def _merged(self, image: Image) -> Merged:
        merged = Merged()
        for layer in image.layers:
            self.job.beat()
            if layer.obstacle:
                merged.add_nothing()
            else:
                listing = Listing.objects.get(digest=layer.digest)
                merged.add(partial(lines_of, listing))
        return merged

    def _list_packages(self, tree: Tree, image: Image, renew: Renew) -> None:
        fetcher = self._fetcher(lambda _fetched: renew())

        def fetch(layer: ImageLayer, row: Row) -> None:
            renew()
            fetcher.file(layer, row)

        store_packages(tree, image, fetch, now=self.job.now)

    def _fetcher(self, tell: Tell) -> Fetcher:
        return Fetcher(self.client, self.reading.repository.name, copies(), tell)

    @contextmanager
    def _alone(self, name: str) -> Iterator[Renew]:
        """Do something that no other worker does at the time; else look again in a moment."""

        def take() -> bool:
            return Lease.objects.take(name, self.job.worker, now=self.job.now, duration=LEASE)

        def renew() -> None:
            self.job.beat()
            take()

        if not take():
            raise Retry(gettext_noop("Another worker reads the same."), after=LOOK_AGAIN)
        try:
            yield renew
        finally:
            Lease.objects.release(name, self.job.worker)
