"""The request as the accounts' middleware leaves it, and how forms are answered."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from registryui.accounts.access import Access
from registryui.accounts.models import User
from registryui.web.http import PageRequest

NEXT = "next"


class AccessRequest(PageRequest):
    """A request that knows what whoever made it may see and do."""

    access: Access


class SignedInRequest(AccessRequest):
    """A request of somebody we know."""

    user: User


def where_to(request: HttpRequest) -> str:
    """Return the page of ours that somebody wanted to see, else the first one."""
    wanted = request.POST.get(NEXT) or request.GET.get(NEXT, "")
    hosts, secure = {request.get_host()}, request.is_secure()
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=hosts, require_https=secure)
    return wanted if is_ours else reverse("registry-list")
