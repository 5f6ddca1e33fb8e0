"""Who may come to a view that changes a repository: for others there is nothing."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse

from registryui.accounts.access import Access
from registryui.accounts.doors import for_the_signed_in, only
from registryui.accounts.http import AccessRequest
from registryui.accounts.models import Grant
from registryui.catalog.views.tags import repository_or_404


def may_delete_in(access: Access, registry: str, repository: str) -> bool:
    """Say whether somebody may delete in a repository."""
    return access.may(Grant.Role.DELETE, registry, repository)


def reads_operations(access: Access) -> bool:
    """Say whether lists of operations are there for somebody."""
    return access.reads_audit or access.may_somewhere(Grant.Role.DELETE)


def for_deleters(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view the repository of the address if its caller may delete there."""

    @wraps(view)
    def guarded(
        request: AccessRequest, registry: str, name: str, **arguments: object
    ) -> HttpResponse:
        repository = repository_or_404(request.access, registry, name)
        if not may_delete_in(request.access, registry, repository.name):
            raise Http404
        return view(request, repository, **arguments)

    return for_the_signed_in(guarded)


def operations_link(request: HttpRequest) -> dict[str, bool]:
    """Tell the templates whether to lead to the operations."""
    access: Access | None = getattr(request, "access", None)
    return {"may_read_operations": access is not None and reads_operations(access)}


for_readers_of_operations = only(reads_operations)
