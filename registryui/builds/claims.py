"""What an image tells of its own build: in its labels, and in its provenance."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from registryui.builds.models import LONGEST_LINK, LONGEST_SOURCE, LONGEST_TEXT
from registryui.oci import annotations
from registryui.oci.annotations import parse_time, web_link
from registryui.oci.document import Pairs
from registryui.oci.source import branch_in, is_commit, read_source

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
    started_at: datetime | None = None
    finished_at: datetime | None = None

    @property
    def tells_something(self) -> bool:
        """Whether it says where the image comes from: the time alone is no origin."""
        return bool(self.source or self.commit or self.builder)

    @property
    def times(self) -> tuple[datetime | None, datetime | None]:
        """When it began and ended; neither where the two contradict each other."""
        if self.started_at and self.finished_at and self.finished_at < self.started_at:
            return None, None
        return self.started_at, self.finished_at


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


def claim_of_provenance(facts: Mapping[str, str], builder: str) -> Claim:
    """Read what the supply chain took out of a provenance; nobody checks its signature here."""
    return _made(
        source=facts.get("source", ""),
        branch=facts.get("ref", ""),
        commit=facts.get("commit", ""),
        dockerfile=facts.get("path", ""),
        builder=builder,
        log_url=facts.get("invocation", ""),
        started=facts.get("started", ""),
        finished=facts.get("finished", ""),
    )


def _made(
    *, source: str, branch: str, commit: str, dockerfile: str, builder: str, log_url: str,
    started: str = "", finished: str = "",
) -> Claim:  # fmt: skip
    """Make a claim of texts that anybody may have written, each cut and cleaned."""
    read = read_source(source)
    # BuildKit puts -dirty behind the commit when the tree had changes.
    named = commit.strip().lower().removesuffix("-dirty")
    return Claim(
        source=read.address[:LONGEST_SOURCE],
        branch=(branch_in(branch.strip()) or read.branch)[:LONGEST_TEXT],
        commit=named if is_commit(named) else "",
        dockerfile=dockerfile.strip()[:LONGEST_TEXT],
        builder=builder.strip()[:LONGEST_TEXT],
        # What is that long may have been cut.
        log_url=web_link(log_url) if len(log_url) < LONGEST_LINK else "",
        started_at=parse_time(started),
        finished_at=parse_time(finished),
    )
