"""The request as the accounts' middleware leaves it."""

from registryui.accounts.access import Access
from registryui.web.http import PageRequest


class AccessRequest(PageRequest):
    """A request that knows what whoever made it may see and do."""

    access: Access
