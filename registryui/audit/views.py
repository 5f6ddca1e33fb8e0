"""The pages of the log, and its exports; for those who may not read it they are not there."""

from collections.abc import Callable, Iterable, Iterator

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from registryui.audit.access import actor_of, may_read_audit
from registryui.audit.api import Action, Result, record
from registryui.audit.exporting import csv_lines, json_lines
from registryui.audit.filters import AuditFilters
from registryui.audit.keyset import walk
from registryui.audit.models import AuditEvent
from registryui.audit.pages.audit_event import AuditEventPage
from registryui.audit.pages.audit_list import AuditListPage
from registryui.web.exporting import attachment
from registryui.web.http import PageRequest
from registryui.web.rendering import render_page

Lines = Callable[[Iterable[AuditEvent]], Iterator[str]]


@require_safe
@never_cache
def audit_list(request: PageRequest) -> HttpResponseBase:
    """Show who did what, when, with what result."""
    _for_readers(request)
    page = AuditListPage.build(request.GET)
    return render_page(request, "audit/audit_list.html", page, partial="audit-table")


@require_safe
@never_cache
def audit_event(request: PageRequest, sequence: int) -> HttpResponseBase:
    """Show one event, and how it is chained to the others."""
    _for_readers(request)
    event = get_object_or_404(AuditEvent, sequence=min(sequence, 2**63 - 1))
    return render_page(request, "audit/audit_event.html", AuditEventPage.build(event))


@require_safe
@never_cache
def audit_csv(request: PageRequest) -> HttpResponseBase:
    """Give exactly the filtered events as CSV; that is an event itself."""
    return _export(request, "csv", csv_lines)


@require_safe
@never_cache
def audit_jsonl(request: PageRequest) -> HttpResponseBase:
    """Give exactly the filtered events, a JSON object on each line; that is an event itself."""
    return _export(request, "jsonl", json_lines)


def _export(request: HttpRequest, ending: str, lines: Lines) -> HttpResponseBase:
    _for_readers(request)
    filters, now = AuditFilters.parse(request.GET), timezone.now()
    export = record(
        Action.EXPORT,
        by=actor_of(request),
        subject="audit log",
        details={"format": ending, **filters.in_words},
        now=now,
    )
    events = walk(filters, before=export.sequence)
    return attachment(lines(events), f"audit-{now:%Y%m%d-%H%M%S}.{ending}")


def _for_readers(request: HttpRequest) -> None:
    """Let those go on who may read the log; for others there is no such page.

    That somebody whom we know tried is worth an event; strangers could fill the log with it.
    """
    if may_read_audit(request):
        return
    actor = actor_of(request)
    if actor.id is not None:
        record(
            Action.ACCESS,
            by=actor,
            result=Result.REFUSED,
            subject=request.path,
            reason=gettext_noop("Only auditors and administrators read the audit log."),
            now=timezone.now(),
        )
    raise Http404
