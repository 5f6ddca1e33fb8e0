"""One page, three answers: the whole page, the part that htmx asked for, or its JSON twin."""

import dataclasses
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers

from registryui.web.http import PageRequest

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

JSON_PARAMETER = "format"
WHAT_HTMX_WANTS = ("HX-Request", "HX-Boosted", "HX-History-Restore-Request")


def wants_json(request: PageRequest) -> bool:
    """Say whether the address asks for the JSON twin."""
    return request.GET.get(JSON_PARAMETER) == "json"


def wants_partial(request: PageRequest) -> bool:
    """Say whether htmx replaces a part; a boosted link or a history miss wants the whole body."""
    htmx = request.htmx
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def json_address(request: PageRequest) -> str:
    """Return the address of the page's JSON twin, with the same filters."""
    query = request.GET.copy()
    query[JSON_PARAMETER] = "json"
    return f"{request.path}?{query.urlencode()}"


def render_page(
    request: PageRequest,
    template: str,
    page: "DataclassInstance",
    *,
    partial: str = "",
    status: int = 200,
) -> HttpResponse:
    """Answer with a page dataclass as JSON, as the named part of its template, or as a page."""
    if wants_json(request):
        response: HttpResponse = JsonResponse(page_document(page), status=status)
    else:
        name = f"{template}#{partial}" if partial and wants_partial(request) else template
        context = {"page": page, "json_address": json_address(request)}
        response = render(request, name, context, status=status)
        response["Link"] = f'<{json_address(request)}>; rel="alternate"; type="application/json"'
    patch_vary_headers(response, WHAT_HTMX_WANTS)
    # Pages hold the reader's theme and the secret of the forms: no cache between may keep them.
    patch_cache_control(response, private=True)
    return response


def page_document(page: "DataclassInstance") -> dict[str, Any]:
    """Return the JSON document of a page: its fields, by their names.

    In English, whoever asks; ``web.language`` sees to it before the page is built.
    """
    return dataclasses.asdict(page)
