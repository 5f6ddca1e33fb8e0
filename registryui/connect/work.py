"""What a worker does of this app: one examination a job."""

from registryui.connect.diagnosing import KIND, diagnose
from registryui.connect.models import Diagnosis
from registryui.jobs.api import RunningJob, handler
from registryui.sync.pause import keep_pause


@handler(KIND)
def examine_registry(job: RunningJob) -> None:
    """Examine the registry of a diagnosis, unless it was forgotten; not while it wants a pause."""
    rows = Diagnosis.objects.unfinished().select_related("registry")
    diagnosis = rows.filter(pk=int(job.key)).first()
    if diagnosis is None:
        return
    keep_pause(diagnosis.registry, now=job.now)
    diagnose(diagnosis, clock=job.clock, tell=lambda seen: job.beat())
