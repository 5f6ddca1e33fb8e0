"""Where to go to change what a page shows: addresses that are empty for who may not."""

from django.conf import settings
from django.urls import reverse

from registryui.accounts.access import Access
from registryui.accounts.models import Grant
from registryui.catalog.models import Repository


def may_change(access: Access, repository: Repository) -> bool:
    """Say whether somebody may delete and copy there, and anything may be changed at all."""
    slug = repository.registry.slug
    return not settings.READ_ONLY and access.may(Grant.Role.DELETE, slug, repository.name)


def changing_url(access: Access, repository: Repository, name: str, query: str = "") -> str:
    """Return the address of a page that changes something in a repository, by the URL's name."""
    if not may_change(access, repository):
        return ""
    path = reverse(name, args=[repository.registry.slug, repository.name])
    return f"{path}?{query}" if query else path


def operations_url(access: Access, repository: Repository) -> str:
    """Return the address of what was changed there, for those who may look at it."""
    place = (repository.registry.slug, repository.name)
    if not (access.reads_audit or access.may(Grant.Role.DELETE, *place)):
        return ""
    return reverse("repository-operations", args=place)
