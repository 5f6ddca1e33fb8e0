"""Who deleted a tag that is gone: a part of the page of the tag."""

from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from registryui.accounts.http import AccessRequest
from registryui.catalog.views.tags import repository_or_404
from registryui.deletion.pages.tag_deleted import TagDeletedPage
from registryui.web.rendering import render_page


@require_safe
@never_cache
def tag_deleted(request: AccessRequest, registry: str, name: str, tag: str) -> HttpResponse:
    """Show who deleted a tag, if it was done here, and offer to undo it."""
    repository = repository_or_404(request.access, registry, name)
    page = TagDeletedPage.build(repository, tag, access=request.access)
    return render_page(request, "deletion/tag_deleted.html", page, partial="tag-deleted")
