"""Who may look into images: for others there is nothing."""

from collections.abc import Callable
from functools import wraps
from typing import cast

from django.http import Http404, HttpResponse, HttpResponseBase

from registryui.accounts.access import Access
from registryui.accounts.doors import for_the_signed_in
from registryui.accounts.http import AccessRequest
from registryui.catalog.models import Repository
from registryui.catalog.views.tags import repository_or_404


def may_look_inside(access: Access, repository: Repository) -> bool:
    """Say whether somebody may read the files in a repository's images."""
    return access.looks_inside(repository.registry.slug, repository.name)


def for_readers_of_files(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponse]:
    """Give the view the repository of the address if its caller may look into images there."""

    @wraps(view)
    def guarded(
        request: AccessRequest, registry: str, name: str, **arguments: object
    ) -> HttpResponse:
        repository = repository_or_404(request.access, registry, name)
        if not may_look_inside(request.access, repository):
            raise Http404
        # The other doors do not tell a stream from a whole answer.
        return cast("HttpResponse", view(request, repository, **arguments))

    return for_the_signed_in(guarded)
