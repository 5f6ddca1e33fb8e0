"""SLSA provenance 0.2 and 1.0: how a builder says that it made an image."""

from collections.abc import Iterator, Mapping

from registryui.oci.annotations import parse_time
from registryui.oci.document import Document, Pairs, list_of, object_of, text_of
from registryui.oci.marking import gettext_noop
from registryui.supplychain.formats.parts import (
    MAX_MATERIALS,
    Paper,
    PaperKind,
    objects_in,
    short,
)

PREFIX = "https://slsa.dev/provenance/"
MAX_PARAMETERS = 200
MAX_DEPTH = 6


def is_provenance(predicate_type: str) -> bool:
    """Say whether a predicate type is provenance of a version that is read here."""
    return predicate_type in (f"{PREFIX}v0.1", f"{PREFIX}v0.2", f"{PREFIX}v1")


def read_provenance(predicate: Document, predicate_type: str) -> Paper:
    """Read a predicate; what it does not say stays empty."""
    is_new = predicate_type == f"{PREFIX}v1"
    return _read_new(predicate) if is_new else _read_old(predicate)


def _read_new(predicate: Document) -> Paper:
    build, run = object_of(predicate, "buildDefinition"), object_of(predicate, "runDetails")
    metadata = object_of(run, "metadata")
    external = object_of(build, "externalParameters")
    source = object_of(external, "configSource")
    vcs = object_of(object_of(metadata, "buildkit_metadata"), "vcs")
    workflow = object_of(external, "workflow")
    return Paper(
        kind=PaperKind.PROVENANCE,
        form="SLSA provenance 1.0",
        made_by=text_of(object_of(run, "builder"), "id", max_length=500),
        made_at=parse_time(metadata.get("finishedOn")) or parse_time(metadata.get("startedOn")),
        facts=_facts(
            {
                gettext_noop("source"): text_of(vcs, "source")
                or text_of(source, "uri")
                or text_of(workflow, "repository"),
                gettext_noop("commit"): text_of(vcs, "revision") or _first_digest(source),
                gettext_noop("path"): text_of(source, "path") or text_of(workflow, "path"),
                gettext_noop("ref"): text_of(workflow, "ref"),
                gettext_noop("build type"): text_of(build, "buildType"),
                gettext_noop("invocation"): text_of(metadata, "invocationID")
                or text_of(metadata, "invocationId"),
                gettext_noop("started"): text_of(metadata, "startedOn"),
                gettext_noop("finished"): text_of(metadata, "finishedOn"),
            }
        ),
        parameters=_parameters(
            {name: external[name] for name in external if name != "configSource"}
        ),
        materials=_materials(build, "resolvedDependencies"),
    )


def _read_old(predicate: Document) -> Paper:
    invocation, metadata = object_of(predicate, "invocation"), object_of(predicate, "metadata")
    source = object_of(invocation, "configSource")
    return Paper(
        kind=PaperKind.PROVENANCE,
        form="SLSA provenance 0.2",
        made_by=text_of(object_of(predicate, "builder"), "id", max_length=500),
        made_at=parse_time(metadata.get("buildFinishedOn"))
        or parse_time(metadata.get("buildStartedOn")),
        facts=_facts(
            {
                gettext_noop("source"): text_of(source, "uri"),
                gettext_noop("commit"): _first_digest(source),
                gettext_noop("path"): text_of(source, "entryPoint"),
                gettext_noop("build type"): text_of(predicate, "buildType"),
                gettext_noop("invocation"): text_of(metadata, "buildInvocationId")
                or text_of(metadata, "buildInvocationID"),
                gettext_noop("started"): text_of(metadata, "buildStartedOn"),
                gettext_noop("finished"): text_of(metadata, "buildFinishedOn"),
            }
        ),
        parameters=_parameters(object_of(invocation, "parameters")),
        materials=_materials(predicate, "materials"),
    )


def _facts(values: Mapping[str, str]) -> Pairs:
    return tuple((name, short(value, 500)) for name, value in values.items() if value.strip())


def _first_digest(source: Document) -> str:
    values = object_of(source, "digest").values()
    return next((value for value in values if isinstance(value, str)), "")


def _materials(document: Document, key: str) -> Pairs:
    return tuple(
        (short(text_of(each, "uri"), 500), short(_written_digest(each), 200))
        for each in objects_in(list_of(document, key, max_items=MAX_MATERIALS))
        if text_of(each, "uri")
    )


def _written_digest(material: Document) -> str:
    items = object_of(material, "digest").items()
    return next((f"{name}:{value}" for name, value in items if isinstance(value, str)), "")


def _parameters(document: Document) -> Pairs:
    return tuple(
        pair for pair, _ in zip(_flat(document, "", MAX_DEPTH), range(MAX_PARAMETERS), strict=False)
    )


def _flat(value: object, path: str, depth: int) -> Iterator[tuple[str, str]]:
    """Yield every text and number within, by its path: ``request.args.build-arg:TARGET``."""
    if isinstance(value, dict | list):
        if depth == 0:
            return
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for name, inner in items:
            yield from _flat(inner, f"{path}.{name}" if path else str(name), depth - 1)
    elif value is not None and value != "":
        text = str(value).lower() if isinstance(value, bool) else str(value)
        yield short(path, 300), short(text)
