"""Who is answered by the addresses that docker and podman know."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.csrf import csrf_exempt

from registryui.accounts.http import AccessRequest
from registryui.web.client_errors import client_error

P = ParamSpec("P")
View = Callable[Concatenate[AccessRequest, P], HttpResponse]

WHO = (
    "Registry UI shows its registries to people it knows. Your name and, as the password, an API "
    "token are needed; tokens are made at /account/tokens/."
)
ONLY_READING = "Registry UI answers searches here and takes nothing. Push to the registry itself."


def for_clients(view: View[P]) -> View[P]:
    """Let in who may see anything, ask others for a name and a token, and let nobody change.

    A browser cannot be made to change anything here either, so no form's secret is asked for.
    """

    @csrf_exempt
    @login_not_required
    @wraps(view)
    def guarded(request: AccessRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = _answer(request, lambda: view(request, *args, **kwargs))
        response["Docker-Distribution-Api-Version"] = "registry/2.0"
        patch_vary_headers(response, ["Authorization", "Cookie"])
        patch_cache_control(response, private=True, no_store=True)
        return response

    return cast("View[P]", guarded)


def _answer(request: AccessRequest, view: Callable[[], HttpResponse]) -> HttpResponse:
    if not (request.access.is_signed_in or request.access.sees_everything):
        return client_error(401, WHO)
    if request.method not in ("GET", "HEAD"):
        return client_error(405, ONLY_READING)
    return view()
