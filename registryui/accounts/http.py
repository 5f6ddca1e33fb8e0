"""The request as the accounts' middleware leaves it, and how forms are answered."""

from django.http import HttpResponse, HttpResponseRedirect

from registryui.accounts.access import Access
from registryui.accounts.models import User
from registryui.web.http import PageRequest


class AccessRequest(PageRequest):
    """A request that knows what whoever made it may see and do."""

    access: Access


class SignedInRequest(AccessRequest):
    """A request of somebody we know."""

    user: User


def see_other(address: str) -> HttpResponse:
    """Lead from a form that was done to the page that shows what came of it."""
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response
