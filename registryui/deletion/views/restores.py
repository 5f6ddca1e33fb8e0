"""Undoing an operation: its plan, and its confirmation."""

from functools import partial

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from registryui.accounts.doors import for_the_signed_in
from registryui.accounts.http import AccessRequest
from registryui.deletion.models import Operation
from registryui.deletion.pages.restore_plan import RestorePlanPage, fingerprint_of
from registryui.deletion.restoring import RestorePlan, begin_restore, plan_restore
from registryui.deletion.views.confirmed import begin_confirmed
from registryui.deletion.views.operations import own_operation_or_404
from registryui.deletion.views.plans import CHANGED
from registryui.deletion.wording import listed_for_the_record
from registryui.web.http import see_other
from registryui.web.rendering import render_page

TEMPLATE = "deletion/restore_plan.html"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_the_signed_in
def operation_undo(request: AccessRequest, number: int) -> HttpResponse:
    """Show what undoing an operation would do; with POST do it, if it is still what was seen."""
    operation = own_operation_or_404(request.access, number)
    plan = plan_restore(operation, access=request.access)
    if request.method != "POST":
        return render_page(request, TEMPLATE, RestorePlanPage.build(operation, plan))
    is_same = request.POST.get("fingerprint") == fingerprint_of(plan)
    if plan.is_empty or not is_same or settings.READ_ONLY:
        page = RestorePlanPage.build(operation, plan, has_changed=not is_same)
        return render_page(request, TEMPLATE, page, status=CHANGED)
    restore = _begin(request, operation, plan)
    return see_other(restore.get_absolute_url())


def _begin(request: AccessRequest, operation: Operation, plan: RestorePlan) -> Operation:
    return begin_confirmed(
        request,
        partial(begin_restore, operation, plan),
        subject=plan.doable[0].name if len(plan.doable) == 1 else "",
        details={
            "kind": "restore",
            "restores": operation.pk,
            "tags": listed_for_the_record([tag.name for tag in plan.doable]),
            "manifests": len(plan.manifests),
        },
    )
