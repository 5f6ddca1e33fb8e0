"""Giving an image another tag in its repository."""

from dataclasses import replace
from functools import partial

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from registryui.accounts.http import AccessRequest
from registryui.catalog.models import Manifest, Repository
from registryui.deletion.copying import CopyRefusedError, begin_copy
from registryui.deletion.doors import for_deleters
from registryui.deletion.models import Operation
from registryui.deletion.pages.image_copy import Checked, ImageCopyPage
from registryui.deletion.views.confirmed import begin_confirmed
from registryui.web.http import see_other
from registryui.web.query import text_in
from registryui.web.rendering import render_page
from registryui.web.sentences import in_own_language

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
            operation = _begin(request, repository, checked, digest=row.digest)
            return see_other(operation.get_absolute_url())
        except CopyRefusedError as error:
            page = replace(page, errors=(in_own_language(error.for_people),))
    return render_page(request, TEMPLATE, page, status=NOT_SO)


def _begin(
    request: AccessRequest, repository: Repository, checked: Checked, *, digest: str
) -> Operation:
    begin = partial(
        begin_copy,
        repository,
        digest,
        checked.tag,
        may_move=bool(checked.now_at),
        access=request.access,
    )
    details: dict[str, object] = {"kind": "copy", "replaces": checked.now_at}
    return begin_confirmed(request, begin, subject=checked.tag, digest=digest, details=details)
