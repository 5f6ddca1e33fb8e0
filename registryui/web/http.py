"""The request as our middleware leaves it, and the answer to a form."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django_htmx.middleware import HtmxDetails


class PageRequest(HttpRequest):
    """A request that knows whether htmx made it, and by which id the log knows it."""

    htmx: HtmxDetails
    request_id: str


def see_other(address: str) -> HttpResponse:
    """Lead from a form that was done to the page that shows what came of it."""
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response
