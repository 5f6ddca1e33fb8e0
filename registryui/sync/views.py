"""The one page request that may call a registry: refresh what is being looked at."""

import logging
import threading

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from registryui.accounts.doors import counts_as_reading
from registryui.accounts.http import AccessRequest
from registryui.catalog.freshness import is_paused
from registryui.catalog.models import Repository
from registryui.catalog.views.tags import repository_or_404
from registryui.connections import UndeclaredRegistryError, client_for
from registryui.distribution.errors import RegistryError
from registryui.distribution.limits import Limits
from registryui.distribution.pulls import NEVER_FETCH
from registryui.sync.pulls import tell_pulls
from registryui.sync.refresh import refresh
from registryui.web.http import see_other

logger = logging.getLogger(__name__)

# A person is waiting: after this nothing more is asked; what is under way may take Limits' time.
REFRESH_SECONDS = 3.0
# Anybody may press the button. Each press keeps a thread of the web server from showing pages and
# costs the registry requests by the hundred. One too many does nothing, as for a repository that
# somebody else is refreshing.
AT_ONCE = 4

_places = threading.BoundedSemaphore(AT_ONCE)


@counts_as_reading
@require_POST
def repository_refresh(request: AccessRequest, registry: str, name: str) -> HttpResponse:
    """Bring one repository up to date; what fails is on its row, for its page to show."""
    repository = repository_or_404(request.access, registry, name)
    if _places.acquire(blocking=False):
        try:
            _refresh(repository)
        finally:
            _places.release()
    if getattr(request, "htmx", False):
        return HttpResponse(status=204, headers={"HX-Trigger": "refreshed"})
    return see_other(repository.get_absolute_url())


def _refresh(repository: Repository) -> None:
    now = timezone.now()
    if is_paused(repository.registry, now=now):
        return
    try:
        client = client_for(repository.registry, limits=Limits.for_web_request())
    except (RegistryError, UndeclaredRegistryError) as error:
        Repository.objects.filter(pk=repository.pk).update(last_error=str(error), last_error_at=now)
        return
    tell_pulls(repository.registry, client)
    # A look at a page never costs a pull: that a tag moved a HEAD tells, the rest is the sync's.
    refresh(repository, client, now=now, seconds=REFRESH_SECONDS, reserve=NEVER_FETCH)
    tell_pulls(repository.registry, client)
