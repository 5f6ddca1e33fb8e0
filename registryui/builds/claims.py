"""What an image tells of its own build: in its labels, and in its builder's statements."""

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from registryui.builds.models import LONGEST_LINK, LONGEST_SOURCE, LONGEST_TEXT
from registryui.builds.source import branch_in, is_commit, read_source
from registryui.oci import annotations
from registryui.oci.annotations import parse_time, web_link
from registryui.oci.document import Document, Pairs, list_of, load_object, object_of, text_of

PROVENANCE_PREDICATE = "https://slsa.dev/provenance/"
# BuildKit's largest provenance holds all sources of a build, and has some hundred KiB.
MAX_STATEMENT_BYTES = 8 * 1024 * 1024

# Labels that CI programs and build tools set besides those of OCI and Label Schema; the first wins.
_LABELS = {
    "branch": (
        "org.opencontainers.image.ref",
        "org.label-schema.vcs-branch",
        "vcs-branch",
        "git.branch",
        "com.gitlab.ci.commitrefname",
        "io.openshift.build.commit.ref",
    ),
    "commit": ("vcs-ref", "git.commit", "git.sha", "io.openshift.build.commit.id"),
    "source": ("vcs-url", "git.url", "io.openshift.build.source-location"),
    "log_url": ("com.gitlab.ci.joburl", "com.gitlab.ci.pipelineurl", "ci.build.url", "build-url"),
    "builder": ("ci.builder", "build-tool", "io.openshift.build.name"),
    "dockerfile": ("dockerfile", "io.openshift.build.dockerfile"),
}
# The keys of all that is read, by which they are found in the index.
LABEL_KEYS = (
    annotations.SOURCE,
    annotations.REVISION,
    annotations.CREATED,
    "org.label-schema.vcs-url",
    "org.label-schema.vcs-ref",
    "org.label-schema.build-date",
    *(key for keys in _LABELS.values() for key in keys),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What is claimed of a build; what is not claimed is empty."""

    source: str = ""
    branch: str = ""
    commit: str = ""
    dockerfile: str = ""
    builder: str = ""
    log_url: str = ""
    started_at: str = ""
    finished_at: str = ""

    @property
    def tells_something(self) -> bool:
        """Whether it says where the image comes from: the time alone is no origin."""
        return bool(self.source or self.commit or self.builder)

    @property
    def times(self) -> tuple[datetime | None, datetime | None]:
        """When it began and ended; neither where the two contradict each other."""
        started, finished = parse_time(self.started_at), parse_time(self.finished_at)
        if started and finished and finished < started:
            return None, None
        return started, finished

    def kept(self) -> dict[str, str]:
        """Return it as it is stored."""
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def of_kept(cls, stored: Mapping[str, str]) -> "Claim":
        """Return it from what was stored."""
        return cls(**stored)


def claim_of_labels(labels: Pairs) -> Claim:
    """Read labels and annotations; of a key that comes twice the last one counts."""
    values = dict(labels)

    def first(name: str, standard: str = "") -> str:
        keys = _LABELS[name]
        own = annotations.value_of(labels, standard) if standard else ""
        return own or next((values[key] for key in keys if values.get(key)), "")

    return _made(
        source=first("source", annotations.SOURCE),
        branch=first("branch"),
        commit=first("commit", annotations.REVISION),
        dockerfile=first("dockerfile"),
        builder=first("builder"),
        log_url=first("log_url"),
        finished=annotations.value_of(labels, annotations.CREATED),
    )


def claim_of_statement(content: bytes) -> Claim:
    """Read a statement of provenance, in a signed envelope or not; nobody checks the signature.

    Raises InvalidDocumentError for what is none; what it does not say, or says in another form
    than SLSA 0.2 and 1.0, is empty.
    """
    statement = _statement(load_object(content, max_bytes=MAX_STATEMENT_BYTES))
    if not text_of(statement, "predicateType").startswith(PROVENANCE_PREDICATE):
        return Claim()
    predicate = object_of(statement, "predicate")
    if "buildDefinition" in predicate:
        return _slsa_1(predicate)
    return _slsa_0(predicate)


def _statement(document: Document) -> Document:
    """Take the statement out of a sigstore bundle or a DSSE envelope."""
    envelope = object_of(document, "dsseEnvelope") or document
    if "payload" not in envelope:
        return document
    try:
        payload = text_of(envelope, "payload", max_length=MAX_STATEMENT_BYTES * 2)
        content = base64.b64decode(payload, validate=True)
    except (binascii.Error, ValueError):
        content = b""
    return load_object(content, max_bytes=MAX_STATEMENT_BYTES)


def _slsa_1(predicate: Document) -> Claim:
    definition = object_of(predicate, "buildDefinition")
    external = object_of(definition, "externalParameters")
    config, workflow = object_of(external, "configSource"), object_of(external, "workflow")
    request = object_of(object_of(external, "request"), "args")
    details = object_of(predicate, "runDetails")
    metadata = object_of(details, "metadata")
    vcs = _vcs(object_of(metadata, "buildkit_metadata"), request)
    source = text_of(vcs, "source") or text_of(config, "uri") or text_of(workflow, "repository")
    digests = [object_of(config, "digest"), *_source_digests(definition, source)]
    return _made(
        source=source,
        branch=read_source(text_of(config, "uri")).branch or text_of(workflow, "ref"),
        commit=text_of(vcs, "revision") or _commit_in(digests),
        dockerfile=text_of(config, "path") or text_of(request, "filename"),
        builder=text_of(object_of(details, "builder"), "id"),
        log_url=text_of(metadata, "invocationID") or text_of(metadata, "invocationId"),
        started=text_of(metadata, "startedOn"),
        finished=text_of(metadata, "finishedOn"),
    )


def _slsa_0(predicate: Document) -> Claim:
    invocation, metadata = object_of(predicate, "invocation"), object_of(predicate, "metadata")
    config = object_of(invocation, "configSource")
    args = object_of(object_of(invocation, "parameters"), "args")
    vcs = _vcs(object_of(metadata, "https://mobyproject.org/buildkit@v1#metadata"), args)
    return _made(
        source=text_of(vcs, "source") or text_of(config, "uri"),
        branch=read_source(text_of(config, "uri")).branch,
        commit=text_of(vcs, "revision") or _commit_in([object_of(config, "digest")]),
        dockerfile=text_of(config, "entryPoint") or text_of(args, "filename"),
        builder=text_of(object_of(predicate, "builder"), "id"),
        log_url=text_of(metadata, "buildInvocationID") or text_of(metadata, "buildInvocationId"),
        started=text_of(metadata, "buildStartedOn"),
        finished=text_of(metadata, "buildFinishedOn"),
    )


def _vcs(metadata: Document, request: Document) -> Document:
    """Return what BuildKit says of the version control, from either place where it says it."""
    vcs = object_of(metadata, "vcs")
    return {
        "source": text_of(vcs, "source") or text_of(request, "vcs:source"),
        "revision": text_of(vcs, "revision") or text_of(request, "vcs:revision"),
    }


def _source_digests(definition: Document, source: str) -> list[Document]:
    """Return the digests of those dependencies that are the source itself, not base images."""
    address = read_source(source).address
    found = [each for each in list_of(definition, "resolvedDependencies") if isinstance(each, dict)]
    return [
        object_of(each, "digest")
        for each in found
        if address and read_source(text_of(each, "uri")).address == address
    ]


def _commit_in(digests: Iterable[Document]) -> str:
    names = ("gitCommit", "sha1")
    return next((text for each in digests for name in names if (text := text_of(each, name))), "")


def _made(
    *, source: str, branch: str, commit: str, dockerfile: str, builder: str, log_url: str,
    started: str = "", finished: str = "",
) -> Claim:  # fmt: skip
    """Make a claim of texts that anybody may have written, each cut and cleaned."""
    read = read_source(source)
    # BuildKit puts -dirty behind the commit when the tree had changes.
    named = commit.strip().lower().removesuffix("-dirty")
    claim = Claim(
        source=read.address[:LONGEST_SOURCE],
        branch=(branch_in(branch.strip()) or read.branch)[:LONGEST_TEXT],
        commit=named if is_commit(named) else "",
        dockerfile=dockerfile.strip()[:LONGEST_TEXT],
        builder=builder.strip()[:LONGEST_TEXT],
        log_url=web_link(log_url) if len(log_url) <= LONGEST_LINK else "",
    )
    return replace(claim, started_at=_moment(started), finished_at=_moment(finished))


def _moment(text: str) -> str:
    moment = parse_time(text)
    return moment.isoformat() if moment is not None else ""
