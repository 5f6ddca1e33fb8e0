"""What a worker does of this app: it reads the layers of an image, or fetches one file."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.utils.translation import gettext_noop

from registryui.connections import UndeclaredRegistryError, client_for
from registryui.contents.asking import BLOB_ITSELF, KIND
from registryui.contents.copies import BLOB, copies
from registryui.contents.fetching import Fetcher, Tell, client_limits
from registryui.contents.holding import given_beside, hold, listing_in, tree_in
from registryui.contents.images import Image, ImageLayer, image_of, is_elsewhere
from registryui.contents.installed import store_packages
from registryui.contents.models import Listing, PackageList, Reading, Tree
from registryui.contents.reading.errors import ReadingError
from registryui.contents.reading.layer import STREAM
from registryui.contents.reading.merging import Merged
from registryui.contents.reading.rows import Row
from registryui.contents.storing import lines_of, row_at, store_listing, store_tree
from registryui.distribution.client import RegistryClient
from registryui.distribution.errors import RegistryError
from registryui.jobs.api import Lease, Retry, RunningJob, handler
from registryui.sync.pause import keep_pause, tell_pause

# A layer belongs to one worker at a time; who dies loses it by itself.
LEASE = timedelta(seconds=60)
LOOK_AGAIN = timedelta(seconds=2)

Renew = Callable[[], None]

NOT_HERE = gettext_noop(
    "This repository's registry does not have this layer, so nothing is shown of it here. Push "
    "the image to this repository again, then try again."
)


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
    done_bytes: int = 0

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
        repository = self.reading.repository
        listing, _made = Listing.objects.get_or_create(
            digest=layer.digest, defaults={"size_bytes": layer.descriptor.size_bytes}
        )
        if listing_in(repository, layer.digest):
            return
        with self._alone(f"files {layer.digest}") as renew:
            if listing_in(repository, layer.digest):
                return
            listing.refresh_from_db()
            is_new = listing.state != Listing.State.READY
            prove = self._list if is_new else self._share
            hold(repository, layer.digest, is_whole=prove(listing, layer, renew))
        self.done_bytes += layer.descriptor.size_bytes
        self._note_progress(0)

    def _list(self, listing: Listing, layer: ImageLayer, renew: Renew) -> bool:
        """Read what nobody has read yet; say whether all of it was, and not a table alone."""
        repository, size = self.reading.repository, layer.descriptor.size_bytes
        rows = Listing.objects.filter(pk=listing.pk).exclude(state=Listing.State.READY)
        rows.update(state=Listing.State.READING, repository=repository, size_bytes=size, reason="")
        # What is listed counts for all registries, and the part of a layer that a table
        # is in is verified by nothing: one of them could write the list for the others.
        by_table = not is_elsewhere(layer.digest, repository.registry)
        try:
            found = self._fetcher(self._telling(renew)).layer(layer, by_table=by_table)
        except (ReadingError, RegistryError) as error:
            rows.update(state=Listing.State.FAILED, reason=str(error))
            raise
        if rows.exists():
            store_listing(listing, found, now=self.job.now)
        return found.form == STREAM

    def _share(self, listing: Listing, layer: ImageLayer, renew: Renew) -> bool:
        """Prove that this repository holds what was read for others; say whether it has the whole.

        What was read stays as it is for these, unless it becomes verified by this.
        """
        repository, fetcher = self.reading.repository, self._fetcher(self._telling(renew))
        giver, given = listing.repository, given_beside(repository, layer.digest)
        is_own = giver is not None and giver.registry_id == repository.registry_id
        if not (listing.is_verified or is_own):
            found = fetcher.layer(layer, by_table=False)
            with transaction.atomic():
                Listing.objects.filter(pk=listing.pk).update(repository=repository)
                store_listing(listing, found, now=self.job.now)
            return True
        if given or (is_own and given is not None):
            self._ask_whether_it_is_here(layer)
            return given
        fetcher.proof(layer)
        return True

    def _ask_whether_it_is_here(self, layer: ImageLayer) -> None:
        if not self.client.has_blob(self.reading.repository.name, layer.descriptor.digest):
            raise ReadingError(NOT_HERE)

    def _fetch_file(self, image: Image) -> None:
        layer = image.layer(self.reading.layer)
        listing = listing_in(self.reading.repository, self.reading.layer)
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
            repository, digest = self.reading.repository, layer.descriptor.digest
            is_copied = copies().has(BLOB, digest.encoded)
            if is_copied and given_beside(repository, layer.digest):
                self._ask_whether_it_is_here(layer)
            else:
                self._fetcher(self._telling(renew)).blob(layer)
            hold(repository, layer.digest, is_whole=True)

    def _telling(self, renew: Renew) -> Tell:
        def tell(fetched: int) -> None:
            renew()
            self._note_progress(fetched)

        return tell

    def _note_progress(self, fetched: int) -> None:
        progress = self.done_bytes + fetched
        Reading.objects.filter(pk=self.reading.pk).update(progress_bytes=progress)

    def _merge(self, image: Image) -> None:
        repository = self.reading.repository
        tree = tree_in(repository, image)
        if tree and PackageList.objects.filter(tree=tree).exists():
            return
        with self._alone(f"files {image.key}") as renew:
            tree = tree or self._made(image)
            self._list_packages(tree, image, renew)

    def _made(self, image: Image) -> Tree:
        # One that is outdated goes with all that was made from it.
        Tree.objects.filter(key=image.key).delete()
        merged, unverified = Merged(), set()
        for layer in image.layers:
            self.job.beat()
            if layer.obstacle:
                merged.add_nothing()
                continue
            listing = Listing.objects.get(digest=layer.digest)
            if not listing.is_verified:
                unverified.add(layer.digest)
            merged.add(partial(lines_of, listing))
        return store_tree(image.key, merged, now=self.job.now, unverified=unverified)

    def _list_packages(self, tree: Tree, image: Image, renew: Renew) -> None:
        fetcher = self._fetcher(lambda _fetched: renew())

        def fetch(layer: ImageLayer, row: Row) -> None:
            renew()
            fetcher.file(layer, row)

        store_packages(tree, image, self.reading.repository, fetch, now=self.job.now)

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
