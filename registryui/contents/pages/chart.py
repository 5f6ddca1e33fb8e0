"""The page of what is in a Helm chart: its values, templates, README and dependencies."""

from dataclasses import dataclass, field

from registryui.catalog.models import Manifest, Repository
from registryui.catalog.pages.facts import Fact, chart_facts
from registryui.catalog.pages.image_pages import Beside, ImagePage, image_pages
from registryui.catalog.pages.parts import Link
from registryui.contents.images import ImageLayer, image_of
from registryui.contents.pages.chart_files import (
    CHART,
    LOCK,
    NEEDED,
    README,
    TEMPLATES,
    VALUES,
    ChartFiles,
)
from registryui.contents.pages.image_files import addresses_of, manifest_crumbs
from registryui.contents.pages.reading import ReadingPart, layer_url, reading_part
from registryui.oci.annotations import web_link
from registryui.oci.chart import Chart, parse_chart
from registryui.oci.errors import OciError
from registryui.oci.media_types import HELM_PROVENANCE

UNREAD, READY, AWAY = "UNREAD", "READY", "AWAY"


@dataclass(frozen=True, slots=True)
class ChartFileRow:
    """One file of a chart."""

    path: str = field(metadata={"help": "Its path in the chart."})
    size_bytes: int = field(metadata={"help": "Its size."})
    url: str = field(metadata={"help": "Where it is opened."})


@dataclass(frozen=True, slots=True)
class TextPart:
    """A text of a chart that is shown whole, or its beginning."""

    path: str = field(metadata={"help": "Its path in the chart."})
    text: str = field(metadata={"help": "The text."})
    lines: tuple[str, ...] = field(metadata={"help": "The text by lines."})
    url: str = field(metadata={"help": "Where it is opened by itself."})
    is_cut: bool = field(metadata={"help": "Whether there is more of it than is shown."})


@dataclass(frozen=True, slots=True)
class DependencyRow:
    """A chart that this one needs."""

    name: str = field(metadata={"help": "Its name."})
    alias: str = field(metadata={"help": "What it is called in this chart; empty if the same."})
    version: str = field(metadata={"help": "Which versions will do."})
    source: str = field(metadata={"help": "Its repository: an address or an alias."})
    url: str = field(metadata={"help": "The source as a link, if it is a safe one."})
    condition: str = field(metadata={"help": "The value that switches it on; empty if always."})
    is_inside: bool = field(metadata={"help": "Whether this chart brings it along."})


@dataclass(frozen=True, slots=True)
class ChartPage:
    """What is in a Helm chart."""

    registry: str = field(metadata={"help": "The registry's name in addresses."})
    repository: str = field(metadata={"help": "The repository's full name."})
    pages: tuple[ImagePage, ...] = field(metadata={"help": "Its own page and those beside it."})
    crumbs: tuple[Link, ...] = field(metadata={"help": "The way up."})
    digest: str = field(metadata={"help": "The digest of the chart's manifest."})
    name: str = field(metadata={"help": "The chart's name; empty if it does not say."})
    version: str = field(metadata={"help": "The chart's version; empty if it does not say."})
    url: str = field(metadata={"help": "Address of this page; POST asks for a reading."})
    files_url: str = field(metadata={"help": "Address of all its files."})
    layer_bytes: int = field(metadata={"help": "The size of its archive as stored."})
    state: str = field(
        metadata={"help": "READY, UNREAD, or AWAY if the copy of its archive must come again."}
    )
    facts: tuple[Fact, ...] = field(metadata={"help": "What it says of itself."})
    dependencies: tuple[DependencyRow, ...] = field(metadata={"help": "The charts it needs."})
    values: TextPart | None = field(metadata={"help": "values.yaml, if it has one."})
    readme: TextPart | None = field(metadata={"help": "README.md, if it has one: Markdown."})
    lock: TextPart | None = field(metadata={"help": "Chart.lock: the versions it was built with."})
    templates: tuple[ChartFileRow, ...] = field(metadata={"help": "What it makes objects from."})
    others: tuple[ChartFileRow, ...] = field(metadata={"help": "Its other files."})
    is_cut: bool = field(metadata={"help": "Whether it has more files than are listed."})
    is_signed: bool = field(metadata={"help": "Whether a provenance file was pushed with it."})
    reading: ReadingPart | None = field(metadata={"help": "The reading that goes on, or the last."})
    busy_url: str = field(
        metadata={"help": "Where what you had asked for before is read; empty if nothing is."}
    )

    @classmethod
    def build(
        cls, repository: Repository, row: Manifest, layer: ImageLayer, *, busy_url: str = ""
    ) -> "ChartPage":
        """Read the page from the chart's config, and from its archive if that was read."""
        chart, files = _chart(row), ChartFiles.of(layer, repository)
        away = files.path_away
        is_ready = files.listing is not None and not away
        shown = _Shown(files, repository, row, layer)
        manifest = f"{repository.get_absolute_url()}-/manifests/{row.digest}/"
        types = {each.descriptor.media_type for each in image_of(row).layers}
        reading = reading_part(row, repository, layer=layer.digest, path=away)
        return cls(
            registry=repository.registry.slug,
            repository=repository.name,
            pages=image_pages(
                repository,
                row,
                here=Beside.CHART,
                looks_inside=True,
            ),
            crumbs=manifest_crumbs(repository, row),
            digest=row.digest,
            name=chart.name if chart else "",
            version=chart.version if chart else "",
            url=f"{manifest}chart/",
            files_url=layer_url(repository, layer.digest),
            layer_bytes=layer.descriptor.size_bytes,
            state=READY if is_ready else AWAY if away else UNREAD,
            facts=chart_facts(chart) if chart else (),
            dependencies=_dependencies(chart, files) if chart else (),
            values=shown.text(VALUES),
            readme=shown.text(README),
            lock=shown.text(LOCK),
            templates=shown.rows(is_template=True),
            others=shown.rows(is_template=False),
            is_cut=files.is_cut,
            is_signed=HELM_PROVENANCE in types,
            reading=None if is_ready else reading,
            busy_url=busy_url,
        )


@dataclass(frozen=True, slots=True)
class _Shown:
    """A chart's files with their addresses."""

    files: ChartFiles
    repository: Repository
    row: Manifest
    layer: ImageLayer

    def text(self, path: str) -> TextPart | None:
        found = self.files.text(path)
        if found is None:
            return None
        lines = tuple(found.text.rstrip("\n").split("\n"))
        return TextPart(path, found.text, lines, self._url(path), found.is_cut)

    def rows(self, *, is_template: bool) -> tuple[ChartFileRow, ...]:
        return tuple(
            ChartFileRow(path, row.size, self._url(path))
            for path, row in sorted(self.files.rows.items())
            if path.startswith(TEMPLATES) == is_template and path not in (VALUES, README, LOCK)
        )

    def _url(self, path: str) -> str:
        addresses = addresses_of(self.repository, self.row, self.layer)
        return addresses.file(self.files.rows[path])


def _chart(row: Manifest) -> Chart | None:
    if row.config is None or row.config.content is None:
        return None
    try:
        return parse_chart(bytes(row.config.content))
    except OciError:
        return None


def _dependencies(chart: Chart, files: ChartFiles) -> tuple[DependencyRow, ...]:
    return tuple(
        DependencyRow(
            name=each.name,
            alias=each.alias,
            version=each.version,
            source=each.repository,
            url=web_link(each.repository),
            condition=each.condition,
            is_inside=_is_inside(each.name, files),
        )
        for each in chart.dependencies
    )


def _is_inside(name: str, files: ChartFiles) -> bool:
    """Say whether a chart brings another one along: as a directory, or packed."""
    here = f"{NEEDED}{name}"
    packed = (path for path in files.rows if path.startswith(f"{here}-") and path.endswith(".tgz"))
    return bool(name) and (f"{here}/{CHART}" in files.rows or any(packed))
