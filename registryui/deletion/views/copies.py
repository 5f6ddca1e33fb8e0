"""Giving an image another tag in its repository."""

from dataclasses import replace

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from registryui.accounts.http import AccessRequest
from registryui.audit.access import actor_of
from registryui.audit.api import Action, record
from registryui.catalog.models import Manifest, Repository
from registryui.deletion.actors import kept_actor
from registryui.deletion.copying import CopyRefusedError, begin_copy
from registryui.deletion.doors import for_deleters
from registryui.deletion.execution.worker import ask_for_work
from registryui.deletion.pages.image_copy import Checked, ImageCopyPage
from registryui.web.http import see_other
from registryui.web.query import text_in
from registryui.web.rendering import render_page

TEMPLATE = "deletion/image_copy.html"
NOT_SO = 422


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@for_deleters
def image_copy(request: AccessRequest, repository: Repository) -> HttpResponse:
    """Ask for the new tag of an image; with POST set it."""
    sent = request.POST if request.method == "POST" else request.GET
    held = Manifest.objects.filter(presences__repository=repository)
    row = get_object_or_404(held, digest=text_in(sent, "digest", most=140))
    if request.method != "POST":
        return render_page(request, TEMPLATE, ImageCopyPage.build(repository, row, Checked()))
    checked = Checked.of(
        repository,
        row.digest,
        text_in(sent, "tag", most=200),
        # Only from where it was seen to point: somebody may have moved it since.
        moves_from=text_in(sent, "seen", most=140) if sent.get("move") == "1" else "",
        access=request.access,
    )
    page = ImageCopyPage.build(repository, row, checked)
    if not page.errors and not page.refusal:
        try:
            return see_other(_begin(request, repository, checked, digest=row.digest))
        except CopyRefusedError as error:
            page = replace(page, errors=(error.for_people,))
    return render_page(request, TEMPLATE, page, status=NOT_SO)


def _begin(request: AccessRequest, repository: Repository, checked: Checked, *, digest: str) -> str:
    """Write down, ask for and log a copy, all three or nothing; return where it is shown."""
    actor, now = actor_of(request), timezone.now()
    with transaction.atomic():
        operation = begin_copy(
            repository,
            digest,
            checked.tag,
            may_move=bool(checked.now_at),
            access=request.access,
            actor=kept_actor(actor),
            actor_name=actor.name,
            now=now,
        )
        ask_for_work(operation, now)
        record(
            Action.PLAN_CONFIRM,
            by=actor,
            registry=repository.registry.slug,
            repository=repository.name,
            subject=checked.tag,
            digest=digest,
            details={"kind": "copy", "operation": operation.pk, "replaces": checked.now_at},
            now=now,
        )
    return operation.get_absolute_url()
