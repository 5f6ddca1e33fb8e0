"""Operations: one of them, live while it runs, and lists of them."""

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from registryui.accounts.access import Access
from registryui.accounts.doors import for_the_signed_in
from registryui.accounts.http import AccessRequest
from registryui.audit.access import actor_of
from registryui.audit.api import Action, record
from registryui.catalog.views.tags import repository_or_404
from registryui.deletion.doors import for_readers_of_operations, may_delete_in
from registryui.deletion.execution.worker import ask_for_work
from registryui.deletion.models import Operation
from registryui.deletion.pages.operation_detail import OperationPage
from registryui.deletion.pages.operation_list import OperationListPage
from registryui.web.http import see_other
from registryui.web.rendering import render_page, wants_partial

TEMPLATE = "deletion/operation_detail.html"
LIST_TEMPLATE = "deletion/operation_list.html"


def operation_or_404(access: Access, number: int) -> Operation:
    """Return an operation in a repository that exists for this person."""
    rows = Operation.objects.visible_to(access).filter(registry__is_declared=True)
    return get_object_or_404(rows.select_related("registry", "restores"), pk=number)


def own_operation_or_404(access: Access, number: int) -> Operation:
    """Return an operation in a repository in which this person may delete."""
    operation = operation_or_404(access, number)
    if not may_delete_in(access, operation.registry.slug, operation.repository):
        raise Http404
    return operation


@require_safe
@never_cache
def operation_detail(request: AccessRequest, number: int) -> HttpResponse:
    """Show what was confirmed, how far it is, and what came of each step."""
    operation = operation_or_404(request.access, number)
    page = OperationPage.build(operation, request.GET, access=request.access)
    return render_page(request, TEMPLATE, page, partial="operation-progress")


@require_POST
@for_the_signed_in
def operation_stop(request: AccessRequest, number: int) -> HttpResponse:
    """Ask that the steps that are left are not done; the one under way is not cut off."""
    operation = own_operation_or_404(request.access, number)
    if not operation.is_stop_asked and _ask_to_stop(request, operation):
        operation.is_stop_asked = True
    if not wants_partial(request):
        return see_other(operation.get_absolute_url())
    page = OperationPage.build(operation, request.GET, access=request.access)
    return render_page(request, TEMPLATE, page, partial="operation-progress")


@require_safe
@never_cache
@for_readers_of_operations
def operation_list(request: AccessRequest) -> HttpResponse:
    """Show the operations of all repositories that one may see."""
    page = OperationListPage.build(request.GET, access=request.access)
    return render_page(request, LIST_TEMPLATE, page, partial="operation-table")


@require_safe
@never_cache
@for_the_signed_in
def repository_operations(request: AccessRequest, registry: str, name: str) -> HttpResponse:
    """Show the operations of one repository, to those who may delete there or read the log."""
    repository = repository_or_404(request.access, registry, name)
    access = request.access
    if not (access.reads_audit or may_delete_in(access, registry, name)):
        raise Http404
    page = OperationListPage.build(request.GET, access=access, repository=repository)
    return render_page(request, LIST_TEMPLATE, page, partial="operation-table")


def _ask_to_stop(request: AccessRequest, operation: Operation) -> bool:
    """Write down that somebody wants it stopped, and who; False where it is over."""
    now = timezone.now()
    with transaction.atomic():
        rows = Operation.objects.filter(pk=operation.pk, is_stop_asked=False).unfinished()
        if not rows.update(is_stop_asked=True):
            return False
        # Where it only waits, or its worker died, somebody has to mark its steps.
        ask_for_work(operation, now)
        record(
            Action.OPERATION_STOP,
            by=actor_of(request),
            registry=operation.registry.slug,
            repository=operation.repository,
            details={"operation": operation.pk, "confirmed by": operation.actor_name},
            now=now,
        )
    return True
