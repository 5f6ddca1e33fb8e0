"""What people do for a repository: give it a star, describe it, mark its namespace as official."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from registryui.accounts.doors import for_administrators, for_the_signed_in
from registryui.accounts.http import AccessRequest
from registryui.accounts.pages.form import Form
from registryui.accounts.pages.parts import Crumb, FormPage
from registryui.audit.access import actor_of
from registryui.audit.api import Action, record
from registryui.catalog.models import OfficialNamespace, Overview, Repository, Star
from registryui.catalog.pages.manifest_detail import full_crumbs
from registryui.catalog.pages.standing import RepositoryStanding, may_describe
from registryui.catalog.views.tags import repository_or_404
from registryui.standing.forms import DescriptionForm, OfficialForm
from registryui.standing.pages.official_list import OfficialListPage
from registryui.web.http import see_other
from registryui.web.rendering import render_page, wants_partial


@require_POST
@for_the_signed_in
def repository_star(request: AccessRequest, registry: str, name: str) -> HttpResponse:
    """Give a repository a star, or take it back, as the form says."""
    repository = repository_or_404(request.access, registry, name)
    if not request.access.may_give_stars or request.access.user_id is None:
        raise Http404
    given = request.POST.get("star") == "1"
    repository.star_count = Star.set_for(
        repository, request.access.user_id, given=given, now=timezone.now()
    )
    if not wants_partial(request):
        return see_other(repository.get_absolute_url())
    standing = RepositoryStanding.build(repository, request.access)
    return render(request, "components/star.html", {"standing": standing})


@require_http_methods(["GET", "HEAD", "POST"])
@for_the_signed_in
@never_cache
def repository_description(request: AccessRequest, registry: str, name: str) -> HttpResponse:
    """Show the form that says what a repository is; by POST, say it."""
    repository = repository_or_404(request.access, registry, name)
    if not may_describe(request.access, repository):
        raise Http404
    form = DescriptionForm(request.POST or None, initial=_written(repository))
    if request.method == "POST" and form.is_valid():
        _describe(request, repository, form)
        return see_other(repository.get_absolute_url())
    url = reverse("repository-description", args=[registry, name])
    page = FormPage(
        url=url,
        crumbs=tuple(Crumb(link.text, link.url) for link in full_crumbs(repository)),
        title=_("Describe %(repository)s") % {"repository": repository.name},
        explanation=_("Everybody who sees the repository reads this on its page and in searches."),
        form=Form.build(form, url=url, button=_("Save")),
    )
    return render_page(request, "accounts/form_page.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
@never_cache
def official_list(request: AccessRequest) -> HttpResponse:
    """Show the official namespaces; by POST, mark another one."""
    form = OfficialForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        row = form.save(commit=False)
        row.marked_by, row.marked_at = request.access.name, timezone.now()
        row.save()
        _record(request, row, gettext_noop("marked as official"))
        return see_other(reverse("official-list"))
    return render_page(request, "standing/official_list.html", OfficialListPage.build(form))


@require_POST
@for_administrators
def official_delete(request: AccessRequest, namespace: int) -> HttpResponse:
    """Take the mark away from a namespace."""
    row = get_object_or_404(OfficialNamespace.objects.select_related("registry"), pk=namespace)
    row.delete()
    _record(request, row, gettext_noop("no longer official"))
    return see_other(reverse("official-list"))


def _written(repository: Repository) -> dict[str, str]:
    overview = Overview.objects.filter(repository=repository).first()
    return {"summary": repository.summary, "overview": overview.text if overview else ""}


def _describe(request: AccessRequest, repository: Repository, form: DescriptionForm) -> None:
    now, text = timezone.now(), form.cleaned_data["overview"].strip()
    summary = form.cleaned_data["summary"]
    Repository.objects.filter(pk=repository.pk).update(summary=summary)
    if text:
        columns = {"text": text, "written_by": request.access.name, "written_at": now}
        Overview.objects.update_or_create(repository=repository, defaults=columns)
    else:
        Overview.objects.filter(repository=repository).delete()
    record(
        Action.DESCRIPTION,
        by=actor_of(request),
        registry=repository.registry.slug,
        repository=repository.name,
        subject=repository.name,
        details={"summary": summary, "overview_characters": len(text)},
        now=now,
    )


def _record(request: AccessRequest, row: OfficialNamespace, what: str) -> None:
    record(
        Action.OFFICIAL,
        by=actor_of(request),
        registry=row.registry.slug,
        subject=str(row),
        reason=what,
        now=timezone.now(),
    )
