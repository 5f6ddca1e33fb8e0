"""The test of what a registry does when something is to be deleted."""

from django.http import HttpResponse, QueryDict
from django.utils import timezone
from django.views.decorators.http import require_POST

from registryui.accounts.http import AccessRequest
from registryui.audit.access import actor_of
from registryui.catalog.models import Repository
from registryui.connections import UndeclaredRegistryError
from registryui.deletion.doors import for_deleters
from registryui.deletion.pages.deletion_plan import DeletionPlanPage
from registryui.deletion.planning.selection import Selection
from registryui.deletion.testing import test_ability
from registryui.deletion.views.plans import TEMPLATE, plan_address, plan_for
from registryui.distribution.errors import RegistryError
from registryui.web.http import see_other
from registryui.web.rendering import render_page

BAD_GATEWAY = 502


@require_POST
@for_deleters
def deletion_test(request: AccessRequest, repository: Repository) -> HttpResponse:
    """Test whether the registry deletes, by names that nobody has, and go back to the plan."""
    selection = Selection.parse(QueryDict(request.POST.get("selection", "")))
    try:
        test_ability(repository.registry, repository, timezone.now(), by=actor_of(request))
    except (RegistryError, UndeclaredRegistryError) as error:
        plan = plan_for(request, repository, selection)
        page = DeletionPlanPage.build(
            repository, selection, plan, access=request.access, trouble=str(error)
        )
        return render_page(request, TEMPLATE, page, status=BAD_GATEWAY)
    return see_other(plan_address(repository, selection))
