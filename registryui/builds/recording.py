"""Takes reports in: a build is made by its first report, and only goes forward afterwards."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from registryui.builds.matching import link_claims, link_claims_of
from registryui.builds.models import Build
from registryui.builds.report import BuildReport
from registryui.catalog.models import Registry

_STAGES = {Build.State.QUEUED: 0, Build.State.RUNNING: 1}
_FINISHED = 2
_DETAILS = (
    "source", "branch", "commit", "dockerfile", "builder", "log_url", "started_at", "finished_at",
    "tags", "digest",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Recorded:
    """What came of a report; ``is_late`` says that the build was further than it tells."""

    build: Build
    is_new: bool
    is_late: bool


def record_report(
    registry: Registry, report: BuildReport, *, reported_by: str, now: datetime
) -> Recorded:
    """Store a report, inside a transaction of its own; the same one again changes nothing.

    Reports arrive late, twice and out of order. One from further back only fills in what is not
    known yet, and how a build ended is never told differently by a later one.
    """
    with transaction.atomic():
        build, is_new = Build.objects.get_or_create(
            registry=registry,
            repository=report.repository,
            learned=Build.Learned.REPORTED,
            external_id=report.external_id,
            defaults={
                "state": report.state,
                "reported_by": reported_by,
                "reported_at": now,
                "happened_at": report.started_at or now,
            },
        )
        build = Build.objects.select_for_update().get(pk=build.pk)
        is_late = _is_late(build, report)
        if _apply(build, report, is_late=is_late, now=now):
            build.reported_by, build.reported_at = reported_by, now
            build.save()
        link_claims(build)
        if is_new:
            forget_oldest(registry, report.repository)
    return Recorded(build, is_new, is_late)


def forget_oldest(registry: Registry, repository: str) -> None:
    """Delete the reported builds beyond the newest that are kept; claims about them stand alone."""
    reported = Build.objects.of(registry.pk, repository).reported().newest_first()
    old = list(reported.values_list("pk", flat=True)[settings.BUILDS_KEPT :])
    if old:
        claims = list(Build.objects.filter(same_as__in=old))
        Build.objects.filter(pk__in=old).delete()
        link_claims_of(claims)


def _is_late(build: Build, report: BuildReport) -> bool:
    stored, told = _stage(build.state), _stage(report.state)
    return told < stored or (stored == _FINISHED and report.state != build.state)


def _apply(build: Build, report: BuildReport, *, is_late: bool, now: datetime) -> bool:
    """Change the row as the report says; tell whether anything was new."""
    before = [getattr(build, name) for name in (*_DETAILS, "state", "happened_at")]
    for name in _DETAILS:
        told = getattr(report, name)
        value = list(told) if name == "tags" else told
        if value and not (is_late and getattr(build, name)):
            setattr(build, name, value)
    if not is_late:
        build.state = report.state
    _set_times(build, now)
    return before != [getattr(build, name) for name in (*_DETAILS, "state", "happened_at")]


def _set_times(build: Build, now: datetime) -> None:
    """Fill in when it began and ended by when we heard of it, where nobody says."""
    if build.state == Build.State.RUNNING and build.started_at is None:
        build.started_at = now
    if build.is_finished and build.finished_at is None:
        build.finished_at = now
    if build.started_at and build.finished_at and build.finished_at < build.started_at:
        build.started_at = None  # two reports contradict each other
    if build.started_at is not None:
        build.happened_at = build.started_at


def _stage(state: str) -> int:
    return _STAGES.get(Build.State(state), _FINISHED)
