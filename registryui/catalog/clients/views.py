"""The addresses that docker and podman know: enough to search and to list, and no image."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from registryui.accounts.http import AccessRequest
from registryui.catalog.clients.doors import for_clients
from registryui.catalog.clients.front import Front
from registryui.catalog.clients.listing import Wanted, names_in, part_of_list, tags_of
from registryui.catalog.clients.searching import answer
from registryui.web.client_errors import client_error

NOT_HERE = (
    "There is no such repository, or this is none of the things that Registry UI answers: a search "
    "and lists of tags. Images are pulled from the registry itself."
)


@login_not_required
@require_safe
def old_ping(request: HttpRequest) -> HttpResponse:
    """Say that here is something that can be searched: docker asks before it gives a name."""
    response = JsonResponse({"standalone": True})
    # With this docker sends the name and the token along with its search.
    response["X-Docker-Registry-Standalone"] = "True"
    return response


@for_clients
def ping(request: AccessRequest) -> HttpResponse:
    """Say that here is a registry, and that whoever asks is known."""
    return JsonResponse({})


@for_clients
def search(request: AccessRequest) -> HttpResponse:
    """Answer ``docker search`` and ``podman search`` from the index."""
    front = Front.of(request.get_host(), request.access)
    return JsonResponse(answer(front, request.GET))


@for_clients
def catalog(request: AccessRequest) -> HttpResponse:
    """List the repositories: podman sends no name with its search, and asks here with one."""
    wanted = Wanted.parse(request.GET)
    names = names_in(Front.of(request.get_host(), request.access), wanted)
    return part_of_list(request, "repositories", names, wanted)


@for_clients
def tags(request: AccessRequest, name: str) -> HttpResponse:
    """List the tags of a repository, as the index has them."""
    repository = Front.of(request.get_host(), request.access).repository(name)
    if repository is None:
        return client_error(404, NOT_HERE)
    wanted = Wanted.parse(request.GET)
    return part_of_list(request, "tags", tags_of(repository, wanted), wanted, name=name)


@for_clients
def nothing(request: AccessRequest, rest: str) -> HttpResponse:
    """Answer whatever else a registry could be asked."""
    return client_error(404, NOT_HERE)
