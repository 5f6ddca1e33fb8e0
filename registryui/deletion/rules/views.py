"""The page of protected tags, and the forms on it."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from registryui.accounts.http import AccessRequest
from registryui.audit.access import actor_of
from registryui.audit.api import Action, record
from registryui.deletion.models import ProtectionRule
from registryui.deletion.rules.forms import ProtectionForm
from registryui.deletion.rules.pages.protection_list import ProtectionListPage
from registryui.deletion.rules.scope import MANAGE, for_rule_readers, for_rule_writers, may_write
from registryui.web.http import see_other
from registryui.web.rendering import render_page


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_rule_readers
def protection_list(request: AccessRequest) -> HttpResponse:
    """Show which tags are protected and what a rule would protect; by POST, add a rule."""
    may_add = request.access.may_somewhere(MANAGE)
    if request.method == "POST" and not may_add:
        raise Http404
    form = _form(request) if may_add else None
    if request.method == "POST" and form is not None and form.is_valid():
        return _add(request, form)
    query = request.POST if request.method == "POST" else request.GET
    page = ProtectionListPage.build(query, request.access, form)
    return render_page(request, "protection/protection_list.html", page, partial="protected-now")


@require_POST
@for_rule_writers
def protection_delete(request: AccessRequest, rule: int) -> HttpResponse:
    """End a rule: others may delete its tags from now on."""
    row = get_object_or_404(ProtectionRule, pk=rule)
    if not may_write(request.access, row):
        raise Http404
    row.delete()
    _record(request, Action.PROTECTION_DELETE, row)
    return see_other(reverse("protection-list"))


def _form(request: AccessRequest) -> ProtectionForm:
    if request.method == "POST":
        return ProtectionForm(request.POST, access=request.access)
    wanted = {name: request.GET[name] for name in ProtectionForm.Meta.fields if name in request.GET}
    return ProtectionForm(initial=wanted, access=request.access)


def _add(request: AccessRequest, form: ProtectionForm) -> HttpResponse:
    rule = form.save(commit=False)
    rule.created_by, rule.created_at = request.access.name, timezone.now()
    rule.save()
    _record(request, Action.PROTECTION_CREATE, rule)
    return see_other(reverse("protection-list"))


def _record(request: AccessRequest, action: Action, rule: ProtectionRule) -> None:
    record(
        action,
        by=actor_of(request),
        registry="" if rule.registry == "*" else rule.registry,
        subject=rule.tag,
        reason=rule.reason,
        details={"tags": rule.tag, "repositories": rule.repository, "registry": rule.registry},
        now=timezone.now(),
    )
