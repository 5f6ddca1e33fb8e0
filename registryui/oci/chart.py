"""Helm charts: the config blob of a chart, which is its Chart.yaml as JSON (helm.sh/docs)."""

from dataclasses import dataclass

from registryui.oci.document import (
    Document,
    flag_of,
    list_of,
    load_object,
    text_of,
    texts_of,
)

MAX_CHART_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Dependency:
    """A chart that a chart needs; `version` is a range, `repository` a URL or an alias.

    `condition` is the path of a value that switches it on, `alias` what it is called there.
    """

    name: str
    version: str
    repository: str
    condition: str = ""
    alias: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """What a chart says of itself. `version` is the chart's own, `app_version` its content's."""

    name: str
    version: str
    app_version: str
    description: str
    kube_version: str
    keywords: tuple[str, ...]
    home: str
    sources: tuple[str, ...]
    maintainers: tuple[str, ...]
    dependencies: tuple[Dependency, ...]
    deprecated: bool
    api_version: str
    type: str


def parse_chart(content: bytes) -> Chart:
    """Read the config of a chart; any field may be missing or of a wrong type and is then empty.

    Raises InvalidDocumentError for what is no object.
    """
    document = load_object(content, max_bytes=MAX_CHART_BYTES)
    maintainers = (text_of(person, "name") for person in _objects(document, "maintainers"))
    return Chart(
        name=text_of(document, "name"),
        version=text_of(document, "version"),
        app_version=text_of(document, "appVersion"),
        description=text_of(document, "description"),
        kube_version=text_of(document, "kubeVersion"),
        keywords=texts_of(document, "keywords"),
        home=text_of(document, "home"),
        sources=texts_of(document, "sources"),
        maintainers=tuple(filter(None, maintainers)),
        dependencies=tuple(map(_dependency, _objects(document, "dependencies"))),
        deprecated=flag_of(document, "deprecated"),
        api_version=text_of(document, "apiVersion"),
        type=text_of(document, "type"),
    )


def _objects(document: Document, key: str) -> list[Document]:
    return [entry for entry in list_of(document, key) if isinstance(entry, dict)]


def _dependency(document: Document) -> Dependency:
    names = ("name", "version", "repository", "condition", "alias")
    return Dependency(*(text_of(document, name) for name in names))
