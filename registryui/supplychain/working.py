"""Keeps up with what is attached to images, and with the keys that are trusted."""

import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime, timedelta

from django.db.models import Exists, Max, OuterRef
from django.utils.translation import gettext_noop

from registryui.catalog.models import Referrer, Registry
from registryui.connections import UndeclaredRegistryError, client_for
from registryui.distribution.errors import NotFoundError, RegistryError
from registryui.jobs.api import RunningJob, enqueue, handler, periodic
from registryui.oci.errors import OciError
from registryui.supplychain.attached import largest_bytes, read_attached
from registryui.supplychain.models import Attached, Document, Progress, TrustedKey, Verification
from registryui.supplychain.signatures import signatures_after, verification
from registryui.sync.pause import tell_pause

logger = logging.getLogger(__name__)

KIND = "attached"
KEY_KIND = "trusted-key"
AT_ONCE = 50
# Rows of two transactions at once may appear in another order than their ids are.
LOOK_BACK = 1000
FORGOTTEN = 500
# One job gives others their turn; the next tick goes on.
LONGEST = timedelta(minutes=5)
MOST_TRIES = 8
FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(days=1)


@periodic("attached", every=timedelta(seconds=15))
def plan(now: datetime) -> None:
    """Ask for what is attached to be read, and for new keys to be tried, if there is any."""
    if largest_bytes() and unread(now, most=1):
        enqueue(KIND, now=now)
    for key in TrustedKey.objects.filter(checked_at=None).values_list("pk", flat=True):
        enqueue(KEY_KIND, str(key), now=now)


@periodic("attached-again", every=timedelta(days=1))
def look_at_all_again(now: datetime) -> None:
    """Look through all referrers again, since a registry may have been declared anew.

    Documents that are attached to nothing any more are forgotten, some each day.
    """
    Progress.objects.update(newest_referrer=0)
    unattached = Document.objects.filter(places=None).values("pk")[:FORGOTTEN]
    Document.objects.filter(pk__in=list(unattached.values_list("pk", flat=True))).delete()


@handler(KIND)
def keep_up(job: RunningJob) -> None:
    """Read what is attached and was not read yet, for so long at most."""
    until = job.now + LONGEST
    for _ in read_all(job.clock):
        job.beat()
        if job.now > until:
            return


def read_all(clock: Callable[[], datetime]) -> Iterator[Referrer]:
    """Read what is attached and was not read yet, and yield each referrer once it is done.

    One registry that does not answer does not keep the others waiting: it is left until later.
    """
    failing = set[int]()
    while rows := unread(clock(), without=failing):
        for row in rows:
            if row.repository.registry_id not in failing:
                if not read_one(row, now=clock()):
                    failing.add(row.repository.registry_id)
                yield row


def unread(
    now: datetime, *, most: int = AT_ONCE, without: Collection[int] = ()
) -> Sequence[Referrer]:
    """Return referrers whose manifests were not read, and those whose next try is due.

    ``without`` are registries that do not answer.
    """
    so_far = Progress.so_far()
    known = Attached.objects.filter(manifest=OuterRef("manifest"))
    paused = Registry.objects.filter(paused_until__gt=now).values("pk")
    rows = (
        Referrer.objects.select_related("manifest", "repository__registry")
        .filter(repository__registry__is_declared=True)
        .exclude(repository__registry__in=paused)
        .exclude(repository__registry__in=without)
    )
    late = rows.filter(~Exists(known), pk__gt=so_far - LOOK_BACK).order_by("pk")
    if found := list(late[:most]):
        return found
    if not without:
        _look_back_from(Referrer.objects.aggregate(newest=Max("pk"))["newest"] or 0, now)
    again = Attached.objects.filter(again_at__lte=now).order_by("again_at").values("manifest")
    found = list(rows.filter(manifest__in=again[:most])[:most])
    return list({row.manifest_id: row for row in found}.values())


def _look_back_from(newest: int, now: datetime) -> None:
    """Go on from the newest referrer the next time, unless some wait for a registry's pause."""
    if Registry.objects.filter(paused_until__gt=now).exists() or newest <= Progress.so_far():
        return
    Progress.objects.update_or_create(pk=1, defaults={"newest_referrer": newest})


def read_one(row: Referrer, *, now: datetime) -> bool:
    """Read the documents of one referrer, keep how that went; say whether the registry answers."""
    registry = row.repository.registry
    try:
        # The sync's own client, and with it what the registry is spared.
        client = client_for(registry)
    except (RegistryError, UndeclaredRegistryError) as error:
        _failed(row, error, now)
        return False
    try:
        words = read_attached(row.manifest, row.repository, client, now=now)
    except RegistryError as error:
        _failed(row, error, now)
        tell_pause(registry, client, now=now)
        return not error.temporary
    except OciError as error:
        words = str(error)
    except Exception:
        # One document that we cannot cope with must not stop the others.
        logger.exception("What is attached to %s could not be read", row.subject_digest)
        words = gettext_noop("It could not be read: the log says why.")
    _keep(row, words=words, again_at=None, now=now)
    return True


def _failed(row: Referrer, error: Exception, now: datetime) -> None:
    tries = Attached.objects.filter(manifest=row.manifest_id).values_list("tries", flat=True)
    tried = (tries.first() or 0) + 1
    wait = min(FIRST_RETRY * (1 << min(tried, 16)), LONGEST_RETRY)
    is_gone = isinstance(error, NotFoundError) and tried > 2
    again_at = None if tried >= MOST_TRIES or is_gone else now + wait
    _keep(row, words=str(error), again_at=again_at, now=now, tries=tried)


def _keep(
    row: Referrer, *, words: str, again_at: datetime | None, now: datetime, tries: int = 1
) -> None:
    Attached.objects.update_or_create(
        manifest_id=row.manifest_id,
        defaults={
            "repository": row.repository,
            "state": Attached.State.FAILED if words else Attached.State.DONE,
            "words": words,
            "tries": tries,
            "read_at": now,
            "again_at": again_at,
        },
    )


@handler(KEY_KIND)
def try_key(job: RunningJob) -> None:
    """Try a new key on every signature that is known."""
    key = TrustedKey.objects.filter(pk=int(job.key)).first()
    if key is None:
        return
    trusted, last = key.trusted, 0
    while rows := list(signatures_after(last)):
        found = (verification(row, key, trusted, now=job.now) for row in rows)
        made = [each for each in found if each is not None]
        Verification.objects.bulk_create(made, ignore_conflicts=True)
        last = rows[-1].pk
        job.beat()
    TrustedKey.objects.filter(pk=key.pk).update(checked_at=job.now)


def ask_for_trial(key: TrustedKey, *, now: datetime) -> None:
    """Have a key tried on all signatures, soon."""
    enqueue(KEY_KIND, str(key.pk), now=now)
