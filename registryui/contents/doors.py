"""Who may look into images: for others there is nothing."""

from collections.abc import Callable
from functools import wraps
from typing import cast

from django.http import Http404, HttpResponse, HttpResponseBase

from registryui.accounts.access import Access
from registryui.accounts.doors import for_the_signed_in
from registryui.accounts.http import AccessRequest
from registryui.accounts.models import Grant
from registryui.catalog.models import Repository
from registryui.catalog.views.tags import repository_or_404


def may_look_inside(access: Access, repository: Repository) -> bool:
    """Say whether somebody may read the files in a repository's images."""
    return access.looks_inside(repository.registry.slug, repository.name)


def narrowed_to_files(access: Access) -> Access:
    """Return the access of somebody who sees only the repositories that this person looks into.

    With it ``visible`` makes the condition of that; it is of no use for anything else.
    """
    scopes = tuple(each for each in access.scopes if each.includes(Grant.Role.FILES))
    everything = access.reads_audit
    return Access(access.user_id, access.name, access.role, (), scopes, everything)


def for_readers_of_files(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponse]:
    """Give the view the repository of the address if its caller may look into images there."""

    @wraps(view)
    def guarded(
        request: AccessRequest, registry: str, name: str, **arguments: object
    ) -> HttpResponse:
        repository = repository_or_404(request.access, registry, name)
        if not may_look_inside(request.access, repository):
            raise Http404
        # What streams is another class in Django, and the same to whoever wraps a view.
        return cast("HttpResponse", view(request, repository, **arguments))

    return for_the_signed_in(guarded)
