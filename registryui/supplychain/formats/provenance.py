"""SLSA provenance 0.2 and 1.0: how a builder says that it made an image."""

from collections.abc import Iterable, Iterator, Mapping

from registryui.oci.annotations import parse_time
from registryui.oci.document import Document, Pairs, list_of, object_of, text_of
from registryui.oci.marking import gettext_noop
from registryui.oci.source import read_source
from registryui.supplychain.formats.parts import (
    MAX_MATERIALS,
    Paper,
    PaperKind,
    objects_in,
    short,
)

PREFIX = "https://slsa.dev/provenance/"
BUILDKIT_METADATA = "https://mobyproject.org/buildkit@v1#metadata"
MAX_PARAMETERS = 200
MAX_DEPTH = 6


def is_provenance(predicate_type: str) -> bool:
    """Say whether a predicate type is provenance, of whichever version."""
    return predicate_type.startswith(PREFIX)


def read_provenance(predicate: Document) -> Paper:
    """Read a predicate by the form that it has; what it does not say stays empty."""
    return _read_new(predicate) if "buildDefinition" in predicate else _read_old(predicate)


def _read_new(predicate: Document) -> Paper:
    build, run = object_of(predicate, "buildDefinition"), object_of(predicate, "runDetails")
    metadata = object_of(run, "metadata")
    external = object_of(build, "externalParameters")
    config, workflow = object_of(external, "configSource"), object_of(external, "workflow")
    args = object_of(object_of(external, "request"), "args")
    vcs = _vcs(object_of(metadata, "buildkit_metadata"), args)
    source = vcs["source"] or text_of(config, "uri") or text_of(workflow, "repository")
    digests = [object_of(config, "digest"), *_source_digests(build, source)]
    return Paper(
        kind=PaperKind.PROVENANCE,
        form="SLSA provenance 1.0",
        made_by=text_of(object_of(run, "builder"), "id", max_length=500),
        made_at=parse_time(metadata.get("finishedOn")) or parse_time(metadata.get("startedOn")),
        facts=_facts(
            {
                gettext_noop("source"): read_source(source).address,
                gettext_noop("commit"): vcs["revision"] or _commit_in(digests),
                gettext_noop("path"): text_of(config, "path") or text_of(args, "filename"),
                gettext_noop("workflow"): text_of(workflow, "path"),
                gettext_noop("ref"): _ref(config, source) or text_of(workflow, "ref"),
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
    config = object_of(invocation, "configSource")
    args = object_of(object_of(invocation, "parameters"), "args")
    vcs = _vcs(object_of(metadata, BUILDKIT_METADATA), args)
    source = vcs["source"] or text_of(config, "uri")
    return Paper(
        kind=PaperKind.PROVENANCE,
        form="SLSA provenance 0.2",
        made_by=text_of(object_of(predicate, "builder"), "id", max_length=500),
        made_at=parse_time(metadata.get("buildFinishedOn"))
        or parse_time(metadata.get("buildStartedOn")),
        facts=_facts(
            {
                gettext_noop("source"): read_source(source).address,
                gettext_noop("commit"): vcs["revision"]
                or _commit_in([object_of(config, "digest")]),
                gettext_noop("path"): text_of(config, "entryPoint") or text_of(args, "filename"),
                gettext_noop("ref"): _ref(config, source),
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


def _vcs(metadata: Document, args: Document) -> Mapping[str, str]:
    """Return what BuildKit says of the version control, from either place where it says it."""
    vcs = object_of(metadata, "vcs")
    return {
        "source": text_of(vcs, "source") or text_of(args, "vcs:source"),
        "revision": text_of(vcs, "revision") or text_of(args, "vcs:revision"),
    }


def _ref(config: Document, source: str) -> str:
    """Return the branch or tag that an address names behind its fence."""
    return read_source(text_of(config, "uri")).branch or read_source(source).branch


def _source_digests(build: Document, source: str) -> Iterator[Document]:
    """Yield the digests of those dependencies that are the source itself, not base images."""
    address = read_source(source).address
    for each in objects_in(list_of(build, "resolvedDependencies")):
        if address and read_source(text_of(each, "uri")).address == address:
            yield object_of(each, "digest")


def _commit_in(digests: Iterable[Document]) -> str:
    names = ("gitCommit", "sha1")
    return next((text for each in digests for name in names if (text := text_of(each, name))), "")


def _facts(values: Mapping[str, str]) -> Pairs:
    return tuple((name, short(value)) for name, value in values.items() if value.strip())


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
