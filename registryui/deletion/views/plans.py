"""The plan of a deletion, its confirmation, and the test of what a registry can do."""

from functools import partial

from django.conf import settings
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from registryui.accounts.http import AccessRequest
from registryui.catalog.models import Repository
from registryui.deletion.doors import for_deleters
from registryui.deletion.models import Operation
from registryui.deletion.pages.confirming import changes_since, word_to_type
from registryui.deletion.pages.deletion_plan import DeletionPlanPage
from registryui.deletion.planning.plan import DeletionPlan, plan_deletion
from registryui.deletion.planning.selection import Selection
from registryui.deletion.planning.steps import begin_deletion
from registryui.deletion.planning.ways import Ability
from registryui.deletion.views.confirmed import begin_confirmed
from registryui.deletion.wording import listed_for_the_record
from registryui.web.http import see_other
from registryui.web.rendering import render_page

TEMPLATE = "deletion/deletion_plan.html"
CHANGED, NOT_TYPED = 409, 422


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_deleters
def deletion_plan(request: AccessRequest, repository: Repository) -> HttpResponse:
    """Show what deleting a selection would do; with POST do it, if it is still what was seen."""
    if request.method == "POST":
        return _confirm(request, repository)
    return _show(request, repository, Selection.parse(request.GET))


@require_safe
@never_cache
@for_deleters
def tag_delete(request: AccessRequest, repository: Repository, *, tag: str) -> HttpResponse:
    """Show what deleting one tag would do."""
    return _show(request, repository, Selection(tags=(tag,)))


def plan_for(request: AccessRequest, repository: Repository, selection: Selection) -> DeletionPlan:
    """Return the plan of a selection as it is now."""
    ability = Ability.of(repository.registry, is_read_only=settings.READ_ONLY)
    return plan_deletion(repository, selection, access=request.access, ability=ability)


def _show(request: AccessRequest, repository: Repository, selection: Selection) -> HttpResponse:
    plan = plan_for(request, repository, selection)
    page = DeletionPlanPage.build(repository, selection, plan, access=request.access)
    return render_page(request, TEMPLATE, page)


def _confirm(request: AccessRequest, repository: Repository) -> HttpResponse:
    """Begin what was confirmed, or show the plan again if it is another one by now."""
    selection = Selection.parse(request.POST)
    plan = plan_for(request, repository, selection)
    changes = changes_since(request.POST, plan)
    error = "" if changes else _typing_error(request.POST, selection, plan)
    if plan.doable and not changes and not error:
        operation = _begin(request, repository, plan)
        return see_other(operation.get_absolute_url())
    page = DeletionPlanPage.build(
        repository, selection, plan, access=request.access, changes=changes, error=error
    )
    status = NOT_TYPED if error else CHANGED
    return render_page(request, TEMPLATE, page, status=status)


def _typing_error(form: QueryDict, selection: Selection, plan: DeletionPlan) -> str:
    word, _why = word_to_type(selection, plan)
    if not word or form.get("confirm", "").strip() == word:
        return ""
    return gettext("Nothing was done. To confirm, type exactly: %(word)s") % {"word": word}


def _begin(request: AccessRequest, repository: Repository, plan: DeletionPlan) -> Operation:
    only = plan.doable[0] if len(plan.doable) == 1 else None
    return begin_confirmed(
        request,
        partial(begin_deletion, repository, plan),
        subject=only.name if only else "",
        digest=only.digest if only else "",
        details={
            "tags": listed_for_the_record([tag.name for tag in plan.doable]),
            "manifests": len(plan.manifests),
            "fingerprint": plan.fingerprint,
        },
    )


def plan_address(repository: Repository, selection: Selection) -> str:
    """Return the address of a selection's plan."""
    path = reverse("deletion-plan", args=[repository.registry.slug, repository.name])
    return path if selection.is_empty else f"{path}?{selection.query}"
