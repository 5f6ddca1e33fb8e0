"""The files of a Helm chart, as they were read from its archive: which there are, and their texts.

Helm packs a chart into one directory that has the chart's name (helm.sh/docs/topics/charts).
"""

from dataclasses import dataclass
from itertools import islice

from registryui.catalog.models import Manifest, Repository
from registryui.contents.holding import listing_in
from registryui.contents.images import ImageLayer, image_of
from registryui.contents.models import Listing
from registryui.contents.opening import beginning_of, parts_of, place_of, text_of
from registryui.contents.reading.entry import EntryKind
from registryui.contents.reading.rows import Row
from registryui.contents.storing import rows_of
from registryui.oci.media_types import HELM_CHART

CHART, VALUES, README, LOCK = "Chart.yaml", "values.yaml", "README.md", "Chart.lock"
TEMPLATES, NEEDED = "templates/", "charts/"
MOST_FILES = 500
# Of one text that is shown on the page of a chart; a whole file has a page of its own.
MOST_BYTES = 256 * 1024
# Markdown made to be slow takes a second or more for each hundred kibibytes.
MOST_MARKDOWN = 64 * 1024


def chart_layer(row: Manifest) -> ImageLayer | None:
    """Return the layer that is a chart's archive."""
    layers = image_of(row).layers
    return next((each for each in layers if each.descriptor.media_type == HELM_CHART), None)


@dataclass(frozen=True, slots=True)
class ChartText:
    """The beginning of a text file; ``is_cut`` if there is more of it."""

    text: str
    is_cut: bool


@dataclass(frozen=True, slots=True)
class ChartFiles:
    """A chart's files by their paths in it; none if its archive was not read."""

    listing: Listing | None
    root: str
    rows: dict[str, Row]
    is_cut: bool = False

    @classmethod
    def of(cls, layer: ImageLayer, repository: Repository) -> "ChartFiles":
        """Find the directory of the chart, and what is in it."""
        listing = listing_in(repository, layer.digest)
        if listing is None:
            return cls(None, "", {})
        files = (row for row in rows_of(listing) if row.kind == EntryKind.FILE)
        found = list(islice(files, MOST_FILES + 1))
        roots = [row.directory for row in found if row.name == CHART and "/" not in row.directory]
        root = f"{roots[0]}/" if roots and roots[0] else ""
        inside = [row for row in found[:MOST_FILES] if row.path.startswith(root)]
        rows = {row.path.removeprefix(root): row for row in inside}
        return cls(listing, root, rows, len(found) > MOST_FILES)

    def text(self, path: str) -> ChartText | None:
        """Return a text; None if there is no such file, or no copy of it, or it is no text."""
        row = self.rows.get(path)
        place = place_of(self.listing, row.path) if row and self.listing else None
        parts = parts_of(place) if place else None
        if place is None or parts is None:
            return None
        most_bytes = MOST_MARKDOWN if path == README else MOST_BYTES
        text = text_of(beginning_of(parts, most_bytes))
        return None if text is None else ChartText(text, place.row.size > most_bytes)

    @property
    def path_away(self) -> str:
        """A file of which the copy is no longer kept, so that it must be fetched; else empty."""
        for path in (VALUES, README, LOCK, CHART):
            row = self.rows.get(path)
            place = place_of(self.listing, row.path) if row and self.listing else None
            if place and place.row.is_file_with_bytes:
                parts = parts_of(place)
                if parts is None:
                    return place.row.path
                parts.close()
        return ""
