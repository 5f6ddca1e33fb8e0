"""What can be done with a rule: try it, run it, switch it on and off, let go, delete."""

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from registryui.accounts.http import AccessRequest
from registryui.audit.access import actor_of
from registryui.audit.api import Action, record
from registryui.deletion.models.retention import RetentionRule, RetentionRun
from registryui.deletion.retention.forms import ScheduleForm
from registryui.deletion.retention.pages.run import RetentionRunPage, is_confirmable, is_tried
from registryui.deletion.retention.running import CHANGED
from registryui.deletion.retention.scheduling import ask_for_run, ask_for_worker
from registryui.deletion.retention.views.rules import record_rule, rule_to_write
from registryui.deletion.rules.scope import for_rule_readers, for_rule_writers, may_see
from registryui.web.errors import ErrorPage, error_response
from registryui.web.http import see_other
from registryui.web.rendering import render_page

_SWITCHED_ON = gettext_noop("Switched on after dry run {number}.")
_SWITCHED_OFF = gettext_noop("Switched off.")
NOT_TRIED = ErrorPage(
    409,
    gettext_noop("This is not what was tried"),
    gettext_noop(
        "The rule was changed since this run, switched on already, or the run is not over."
    ),
    gettext_noop("Open the rule, run it dry, look at what would go, and switch it on from there."),
)
NOT_HELD = ErrorPage(
    409,
    gettext_noop("Nothing of this run waits any more"),
    gettext_noop("It was confirmed already, a later run decided anew, or the rule was changed."),
    gettext_noop("Open the rule and look at its last run."),
)


@require_safe
@never_cache
@for_rule_readers
def retention_run(request: AccessRequest, run: int) -> HttpResponse:
    """Show one run: what went and what stayed in each repository, and why."""
    page = RetentionRunPage.build(_run(request, run), request.GET, request.access)
    response = render_page(request, "retention/retention_run.html", page, partial="run-parts")
    if request.htmx.trigger == "run-parts" and not page.run.is_live:
        # It was watched until it ended: what can be done now stands outside of the part.
        response["HX-Refresh"] = "true"
    return response


@require_POST
@for_rule_writers
def retention_dry_run(request: AccessRequest, rule: int) -> HttpResponse:
    """Have a rule try what it would do, on record; nothing is deleted."""
    return _ask(request, rule_to_write(request.access, rule), is_dry=True)


@require_POST
@for_rule_writers
def retention_run_now(request: AccessRequest, rule: int) -> HttpResponse:
    """Have a rule that is on run now, not only when its time comes."""
    row = rule_to_write(request.access, rule)
    if not row.is_on:
        return error_response(request, NOT_TRIED)
    return _ask(request, row, is_dry=False)


@require_POST
@for_rule_writers
def retention_switch_on(request: AccessRequest, run: int) -> HttpResponse:
    """Switch a rule on from the dry run that shows what it does."""
    row = _run(request, run)
    form = ScheduleForm(request.POST)
    if not is_tried(row) or row.rule is None or not form.is_valid():
        return error_response(request, NOT_TRIED)
    rule = rule_to_write(request.access, row.rule.pk)
    rule.is_on = True
    rule.schedule, rule.hour = form.cleaned_data["schedule"], form.cleaned_data["hour"]
    rule.next_run_at = rule.next_after(timezone.now())
    with transaction.atomic():
        rule.save()
        record_rule(request, Action.RULE_CHANGE, rule, _SWITCHED_ON.format(number=row.pk))
    return see_other(rule.get_absolute_url())


@require_POST
@for_rule_writers
def retention_off(request: AccessRequest, rule: int) -> HttpResponse:
    """Switch a rule off."""
    row = rule_to_write(request.access, rule)
    row.is_on, row.next_run_at = False, None
    with transaction.atomic():
        row.save()
        record_rule(request, Action.RULE_CHANGE, row, _SWITCHED_OFF)
    return see_other(row.get_absolute_url())


@require_POST
@for_rule_writers
def retention_delete(request: AccessRequest, rule: int) -> HttpResponse:
    """Delete a rule; its runs stay on record."""
    row = rule_to_write(request.access, rule)
    with transaction.atomic():
        unfinished = row.runs.unfinished()
        unfinished.update(
            state=RetentionRun.State.REFUSED, error=CHANGED, finished_at=timezone.now()
        )
        record_rule(request, Action.RULE_DELETE, row, "")
        row.delete()
    return see_other(reverse("retention-list"))


@require_POST
@for_rule_writers
def retention_confirm(request: AccessRequest, run: int) -> HttpResponse:
    """Let go what a run held: exactly that, as far as it would still go."""
    row = _run(request, run)
    held = RetentionRun.objects.filter(pk=row.pk, state=RetentionRun.State.HELD)
    if row.rule is None or not is_confirmable(row):
        return error_response(request, NOT_HELD)
    rule, now = rule_to_write(request.access, row.rule.pk), timezone.now()
    with transaction.atomic():
        # Compare-and-set: two people who confirm at once confirm once.
        if not held.update(state=RetentionRun.State.WAITING, is_confirmed=True):
            return error_response(request, NOT_HELD)
        ask_for_worker(rule, now=now)
        record(
            Action.PLAN_CONFIRM,
            by=actor_of(request),
            registry="" if rule.registry == "*" else rule.registry,
            subject=rule.name,
            details={"run": row.pk, "repositories held": row.held_count},
            now=now,
        )
    return see_other(row.get_absolute_url())


def _run(request: AccessRequest, number: int) -> RetentionRun:
    row = get_object_or_404(RetentionRun.objects.select_related("rule"), pk=number)
    if not may_see(request.access, row):
        raise Http404
    return row


def _ask(request: AccessRequest, rule: RetentionRule, *, is_dry: bool) -> HttpResponse:
    now = timezone.now()
    with transaction.atomic():
        run = ask_for_run(rule, is_dry=is_dry, actor_name=request.access.name, now=now)
        # What the run does is the rule's doing; that it runs now is this person's.
        record(
            Action.RETENTION_REQUEST,
            by=actor_of(request),
            registry="" if rule.registry == "*" else rule.registry,
            subject=rule.name,
            details={"run": run.pk, "dry": "yes" if is_dry else "no"},
            now=now,
        )
    return see_other(run.get_absolute_url())
