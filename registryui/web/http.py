"""The request as our middleware leaves it."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails


class PageRequest(HttpRequest):
    """A request that knows whether htmx made it, and by which id the log knows it."""

    htmx: HtmxDetails
    request_id: str
