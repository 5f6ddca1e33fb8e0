"""A build as lists and pages show it: what all who tell of it say, put together."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from registryui.builds.doors import Place
from registryui.builds.models import Build
from registryui.builds.source import commit_link, web_address
from registryui.catalog.models import Manifest, Tag
from registryui.catalog.pages.parts import Link
from registryui.oci.annotations import web_link

SHORT_COMMIT = 9


@dataclass(frozen=True, slots=True)
class BuildOrigin:
    """Who tells of a build; nobody checked what they say."""

    learned: str = field(metadata={"help": "REPORTED, PROVENANCE or LABELS."})
    words: str = field(metadata={"help": "Who tells of it, in words."})


@dataclass(frozen=True, slots=True)
class BuildRow:
    """One build; what nobody tells is empty."""

    id: str = field(metadata={"help": "CI's name for it; of a claim, the image's digest."})
    state: str = field(metadata={"help": "QUEUED, RUNNING, FAILED, SUCCEEDED or CANCELLED."})
    state_words: str = field(metadata={"help": "The state, in words."})
    origins: tuple[BuildOrigin, ...] = field(
        metadata={"help": "Who tells of it; the first is believed before the others."}
    )
    told_by: str = field(metadata={"help": "Who tells of it, in short."})
    disagreement: str = field(
        metadata={"help": "In what they contradict each other; empty if they do not."}
    )
    source: str = field(metadata={"help": "The repository its source is in."})
    source_url: str = field(metadata={"help": "Its address for browsers, if it has one."})
    branch: str = field(metadata={"help": "Branch or tag of the source."})
    commit: str = field(metadata={"help": "The commit, as it was told."})
    short_commit: str = field(metadata={"help": "Its beginning."})
    commit_url: str = field(metadata={"help": "Where it is shown; empty if nobody can tell."})
    dockerfile: str = field(metadata={"help": "Path of the Dockerfile."})
    builder: str = field(metadata={"help": "What built it."})
    builder_url: str = field(metadata={"help": "The builder as a link, if it is a safe one."})
    log_url: str = field(metadata={"help": "Where its log is."})
    started_at: datetime | None = field(metadata={"help": "When it began."})
    finished_at: datetime | None = field(metadata={"help": "When it ended."})
    took_seconds: float | None = field(metadata={"help": "How long it took."})
    tags: tuple[Link, ...] = field(metadata={"help": "The tags it made; linked while there."})
    digest: str = field(metadata={"help": "The image it made."})
    digest_url: str = field(metadata={"help": "Address of that image, while there."})
    reported_at: datetime = field(metadata={"help": "When we last learned something of it."})


def rows_of(place: Place, leaders: Sequence[Build]) -> tuple[BuildRow, ...]:
    """Return the rows of a list: three queries, however long it is."""
    others: dict[int, list[Build]] = defaultdict(list)
    for other in Build.objects.filter(same_as__in=leaders).order_by("-learned", "pk"):
        if other.same_as_id is not None:
            others[other.same_as_id].append(other)
    groups = [(leader, *others[leader.pk]) for leader in leaders]
    tags, digests = _there(place, [build for group in groups for build in group])
    return tuple(_row(group, tags=tags, digests=digests) for group in groups)


def _there(place: Place, builds: Iterable[Build]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the addresses of those tags and images that the index has."""
    if place.repository is None:
        return {}, {}
    names, digests = set[str](), set[str]()
    for build in builds:
        names.update(map(str, build.tags))
        digests.add(build.digest)
    path = place.repository.get_absolute_url()
    tags = Tag.objects.in_repository(place.repository).filter(name__in=names)
    held = Manifest.objects.filter(
        digest__in=digests - {""}, presences__repository=place.repository
    )
    return (
        {name: f"{path}-/tags/{name}/" for name in tags.values_list("name", flat=True)},
        {
            digest: f"{path}-/manifests/{digest}/"
            for digest in held.values_list("digest", flat=True)
        },
    )


def _row(
    group: Sequence[Build], *, tags: Mapping[str, str], digests: Mapping[str, str]
) -> BuildRow:
    leader = group[0]
    source, commit, builder = (_first(group, name) for name in ("source", "commit", "builder"))
    digest = _first(group, "digest")
    started_at, finished_at = _times(group)
    made = dict.fromkeys(str(tag) for build in group for tag in build.tags)
    return BuildRow(
        id=leader.external_id,
        state=leader.state,
        state_words=str(Build.State(leader.state).label),
        origins=tuple(_origin(build) for build in group),
        told_by=_told_by(group),
        disagreement=_disagreement(group),
        source=source.removeprefix("https://").removeprefix("http://").removesuffix(".git"),
        source_url=web_address(source),
        branch=_first(group, "branch"),
        commit=commit,
        short_commit=commit[:SHORT_COMMIT],
        commit_url=commit_link(source, commit),
        dockerfile=_first(group, "dockerfile"),
        builder=builder.removeprefix("https://").removeprefix("http://"),
        builder_url=web_link(builder),
        log_url=web_link(_first(group, "log_url")),
        started_at=started_at,
        finished_at=finished_at,
        took_seconds=_took(started_at, finished_at),
        tags=tuple(Link(tag, tags.get(tag, "")) for tag in made),
        digest=digest,
        digest_url=digests.get(digest, ""),
        reported_at=leader.reported_at,
    )


def _first(group: Sequence[Build], name: str) -> str:
    """Return what the first who tells it says."""
    return next((str(value) for build in group if (value := getattr(build, name))), "")


def _times(group: Sequence[Build]) -> tuple[datetime | None, datetime | None]:
    """Return both times of one teller: those of two are by two clocks."""
    for build in group:
        if build.started_at is not None:
            return build.started_at, build.finished_at
    finished = (build.finished_at for build in group if build.finished_at is not None)
    return None, next(finished, None)


def _took(started_at: datetime | None, finished_at: datetime | None) -> float | None:
    """Return how long it took; builders that write one time twice do not know."""
    if started_at is None or finished_at is None or finished_at <= started_at:
        return None
    return (finished_at - started_at).total_seconds()


def _told_by(group: Sequence[Build]) -> str:
    words = [
        _("reported (%(person)s)") % {"person": build.reported_by}
        for build in group
        if build.learned == Build.Learned.REPORTED
    ]
    short = {Build.Learned.PROVENANCE: _("builder"), Build.Learned.LABELS: _("label")}
    claimed = [short[kind] for build in group if (kind := Build.Learned(build.learned)) in short]
    if claimed:
        by = ", ".join(dict.fromkeys(claimed))
        words.append(_("claimed (%(by)s)") % {"by": by})
    return ", ".join(words)


def _origin(build: Build) -> BuildOrigin:
    if build.learned == Build.Learned.REPORTED:
        words = _("reported by CI (%(person)s)") % {"person": build.reported_by}
    else:
        words = str(Build.Learned(build.learned).label)
    return BuildOrigin(build.learned, words)


def _disagreement(group: Sequence[Build]) -> str:
    """Say so when two name different commits; a short name and its whole are the same."""
    commits = [build.commit for build in group if build.commit]
    first = commits[0] if commits else ""
    for other in commits[1:]:
        if not (first.startswith(other) or other.startswith(first)):
            words = _("They name different commits: %(one)s and %(other)s.")
            return words % {"one": first[:SHORT_COMMIT], "other": other[:SHORT_COMMIT]}
    return ""
