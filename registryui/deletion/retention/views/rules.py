"""The pages of the rules: all of them, one, and the form."""

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from registryui.accounts.access import Access
from registryui.accounts.http import AccessRequest
from registryui.audit.access import actor_of
from registryui.audit.api import Action, record
from registryui.deletion.models.retention import RetentionRule
from registryui.deletion.retention.forms import CONDITIONS, RetentionRuleForm
from registryui.deletion.retention.pages.rules import (
    RetentionDetailPage,
    RetentionFormPage,
    RetentionListPage,
)
from registryui.deletion.retention.previews import RetentionPreview, preview_of
from registryui.deletion.rules.scope import (
    for_rule_readers,
    for_rule_writers,
    may_see,
    may_write,
)
from registryui.web.http import see_other
from registryui.web.rendering import render_page

_SWITCHED_OFF = gettext_noop("It was switched off, because it was changed.")


def rule_to_see(access: Access, number: int) -> RetentionRule:
    """Return a rule that exists for this person."""
    rule = get_object_or_404(RetentionRule, pk=number)
    if not may_see(access, rule):
        raise Http404
    return rule


def rule_to_write(access: Access, number: int) -> RetentionRule:
    """Return a rule that this person may change."""
    rule = get_object_or_404(RetentionRule, pk=number)
    if not may_write(access, rule):
        raise Http404
    return rule


def record_rule(request: AccessRequest, action: Action, rule: RetentionRule, words: str) -> None:
    """Put on record what somebody did to a rule, and what it says."""
    said = {name: value for name, value in rule.settings.items() if value not in (None, "")}
    record(
        action,
        by=actor_of(request),
        registry="" if rule.registry == "*" else rule.registry,
        subject=rule.name,
        reason=words,
        details=said,
        now=timezone.now(),
    )


@require_safe
@never_cache
@for_rule_readers
def retention_list(request: AccessRequest) -> HttpResponse:
    """Show the retention rules that one may see."""
    page = RetentionListPage.build(request.access)
    return render_page(request, "retention/retention_list.html", page)


@require_safe
@never_cache
@for_rule_readers
def retention_detail(request: AccessRequest, rule: int) -> HttpResponse:
    """Show one retention rule and its runs."""
    row = rule_to_see(request.access, rule)
    page = RetentionDetailPage.build(row, request.GET, request.access)
    return render_page(request, "retention/retention_detail.html", page, partial="rule-runs")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_rule_writers
def retention_new(request: AccessRequest) -> HttpResponse:
    """Show what a new rule would do as filled in; by POST, save it, not switched on."""
    return _form(request, reverse("retention-new"), None)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_rule_writers
def retention_edit(request: AccessRequest, rule: int) -> HttpResponse:
    """Show what a changed rule would do; by POST, save it, which switches it off."""
    row = rule_to_write(request.access, rule)
    return _form(request, reverse("retention-edit", args=[rule]), row)


def _form(request: AccessRequest, url: str, rule: RetentionRule | None) -> HttpResponse:
    is_filled = any(name in request.GET for name in CONDITIONS)
    sent = request.POST if request.method == "POST" else request.GET if is_filled else None
    edited = RetentionRule.objects.get(pk=rule.pk) if rule else None
    form = RetentionRuleForm(sent, instance=edited, access=request.access)
    if request.method == "POST" and form.is_valid():
        return _save(request, form, rule)
    page = RetentionFormPage.build(form, url=url, preview=_preview(request, form, rule), rule=rule)
    template = "retention/retention_form.html"
    return render_page(request, template, page, partial="would-go")


def _preview(
    request: AccessRequest, form: RetentionRuleForm, rule: RetentionRule | None
) -> RetentionPreview | None:
    filled = form.rule if form.is_bound else rule
    return preview_of(filled, request.access, now=timezone.now()) if filled else None


def _save(
    request: AccessRequest, form: RetentionRuleForm, before: RetentionRule | None
) -> HttpResponse:
    rule = form.save(commit=False)
    words = ""
    if before is None:
        rule.created_by, rule.created_at = request.access.name, timezone.now()
    elif before.fingerprint != rule.fingerprint and before.is_on:
        # It was tried and switched on as it was, not as it is now.
        rule.is_on, rule.next_run_at = False, None
        words = _SWITCHED_OFF
    with transaction.atomic():
        rule.save()
        action = Action.RULE_CREATE if before is None else Action.RULE_CHANGE
        record_rule(request, action, rule, words)
    return see_other(rule.get_absolute_url())
