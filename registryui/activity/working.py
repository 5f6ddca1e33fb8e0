"""Works off what was taken in: counts pulls, and has the sync look at what was pushed or deleted.

Registries send events twice, late and in any order, so what they say is never written into the
index: it only tells where to look.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from threading import Event as Flag

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop

from registryui.activity import outage
from registryui.activity.counting import count
from registryui.activity.intake import KIND, key_of
from registryui.activity.models import ActivityDay, Event
from registryui.catalog.models import Registry, Repository, TagMove
from registryui.connections import UndeclaredRegistryError
from registryui.distribution.client import RegistryClient
from registryui.distribution.errors import RegistryError
from registryui.jobs.api import Interrupted, Retry, RunningJob, enqueue, handler, periodic
from registryui.sync.errand import Errand
from registryui.sync.pause import keep_pause, tell_pause
from registryui.sync.pulls import tell_pulls
from registryui.sync.reach import worker_client
from registryui.sync.rounds import Rounds, Terms
from registryui.sync.visit import VisitResult
from registryui.sync.visits import Visits
from registryui.sync.watching import discover

logger = logging.getLogger(__name__)

AT_ONCE = 1000
TRIES = 5
THREADS = 4
# Somebody else is reading the repository, and may have read the tag before it was pushed.
TAKEN = timedelta(seconds=0.5)
GIVEN_UP = timedelta(minutes=5)


@handler(KIND, tries=TRIES)
def work_off_events(job: RunningJob) -> None:
    """Bring the index in line with what was reported of one repository."""
    slug, _, name = job.key.partition(" ")
    registry = Registry.objects.declared().filter(slug=slug).first()
    if registry is None:
        return
    pending = Event.objects.pending().filter(registry=registry, repository=name)
    while events := list(pending.order_by("pk")[:AT_ONCE]):
        changes = [event for event in events if event.action != Event.Action.PULL]
        if changes:
            _look(job, registry, changes)
        _conclude(registry, events, now=job.now)


@periodic("pending events", every=timedelta(minutes=5))
def look_again(now: datetime) -> None:
    """Begin again what was given up while a registry did not answer."""
    given_up = Event.objects.pending().filter(received_at__lt=now - GIVEN_UP)
    declared = given_up.in_declared_registries().values_list("registry__slug", "repository")
    for slug, name in declared.distinct()[:AT_ONCE]:
        enqueue(KIND, key_of(slug, name), now=now)


@periodic("forget activity", every=timedelta(hours=1))
def forget(now: datetime) -> None:
    """Delete the events that are kept no longer."""
    oldest = now - timedelta(days=settings.ACTIVITY_DAYS)
    Event.objects.filter(received_at__lt=oldest).delete()
    ActivityDay.objects.filter(day__lt=oldest.date()).delete()


def _look(job: RunningJob, registry: Registry, changes: Sequence[Event]) -> None:
    repository = _repository(registry, changes, job.now)
    if repository is None:
        return
    keep_pause(registry, now=job.now)
    if repository.claimed_until is not None and repository.claimed_until > job.now:
        raise Retry(gettext_noop("Somebody else is reading the repository."), after=TAKEN)
    outage.keep_away(registry, job)
    try:
        client = worker_client(registry)
    except (RegistryError, UndeclaredRegistryError) as error:
        raise Retry(str(error)) from None
    tell_pulls(registry, client)
    result = _visit(job, repository, client, changes)
    tell_pulls(registry, client)
    if result is None:
        raise Retry(gettext_noop("Somebody else was quicker."), after=TAKEN)
    if result.is_outage:
        left = tell_pause(registry, client, now=job.now)
        if not left:
            outage.begin(registry, job.worker, now=job.now)
        raise Retry(result.error, after=left or None)
    outage.end(registry)
    if result.error and job.attempt < TRIES:
        raise Retry(result.error)  # in the end it is left to the sync, and on the page


def _visit(
    job: RunningJob, repository: Repository, client: RegistryClient, changes: Sequence[Event]
) -> VisitResult | None:
    """Look at the tags named, and for others that came or went; None when it was taken."""
    errand = Errand(
        client=client,
        now=job.now,
        reason=TagMove.Source.NOTIFICATION,
        chunk=1,
        is_full=False,
        again=frozenset(event.tag for event in changes if event.tag),
        reserve=repository.registry.pull_reserve,
    )
    results: list[VisitResult] = []
    stop = Flag()
    terms = Terms(clock=job.clock, threads=THREADS, stop=stop, came_of=results.append)
    visits = Visits(job.clock)
    visits.expect([repository.pk])

    def watch(requests: int) -> None:
        if job.is_stopped:
            stop.set()

    Rounds(errand, terms, visits).go(watch)
    if not results and job.is_stopped:
        raise Interrupted
    return results[0] if results else None


def _repository(registry: Registry, changes: Sequence[Event], now: datetime) -> Repository | None:
    """Return the repository's row; a push makes known what the index has not heard of."""
    name = changes[0].repository
    known = Repository.objects.in_registry(registry).filter(name=name)
    row = known.first()
    if row is not None and row.state != Repository.State.GONE:
        return row
    if all(event.action != Event.Action.PUSH for event in changes):
        return row
    return known.first() if discover(registry, name, now=now) else None


def _conclude(registry: Registry, events: Sequence[Event], *, now: datetime) -> None:
    """Count the events and mark them, together, so that none is counted twice."""
    with transaction.atomic():
        rows = Event.objects.pending().filter(pk__in=[event.pk for event in events])
        count(registry, list(rows.select_for_update()))
        rows.update(processed_at=now)
