"""Who sees builds, who reports them, and how often."""

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.http import Http404
from django.urls import reverse

from registryui.accounts.access import Access
from registryui.accounts.models import Grant
from registryui.builds.models import Build
from registryui.catalog.models import Registry, Repository
from registryui.catalog.pages.parts import Link, registry_crumb, repository_crumbs

MOST_A_MINUTE = 300
_SECONDS = 300  # longer than the minute that is counted, for machines whose clocks differ


@dataclass(frozen=True, slots=True)
class Place:
    """A repository that has builds, whether or not the index knows it yet."""

    registry: Registry
    name: str
    repository: Repository | None

    @property
    def base_name(self) -> str:
        """Return the last part of its name."""
        return self.name.rpartition("/")[2]

    @property
    def crumbs(self) -> tuple[Link, ...]:
        """Return the way up to it, as far as there are pages."""
        if self.repository is None:
            return (registry_crumb(self.registry),)
        url = self.repository.get_absolute_url()
        return (*repository_crumbs(self.repository), Link(self.base_name, url))

    def url(self, name: str, *more: str) -> str:
        """Return one of its addresses."""
        return reverse(name, args=[self.registry.slug, self.name, *more])


def place_or_404(access: Access, slug: str, name: str) -> Place:
    """Return a repository that somebody may see; one of which only builds are known is one, too."""
    registry = Registry.objects.declared().filter(slug=slug).first()
    if registry is None or not access.sees(slug, name):
        raise Http404
    rows = Repository.objects.named(slug, name).select_related("registry")
    place = Place(registry, name, rows.first())
    if place.repository is None and not Build.objects.of(registry.pk, name).exists():
        raise Http404
    return place


def may_report(access: Access, slug: str, name: str) -> bool:
    """Say whether somebody may tell of builds: the least right beyond seeing, as CI needs no more.

    A secret of CI is read by everything that a build runs, so it should not also delete images.
    """
    return access.may(Grant.Role.REPORT, slug, name)


def may_switch_badge(access: Access, slug: str, name: str) -> bool:
    """Say whether somebody may show strangers how builds go: who manages the repository."""
    return access.may(Grant.Role.MANAGE, slug, name)


def is_too_often(access: Access, *, now: datetime) -> bool:
    """Count a report of somebody; say whether it is one too many in this minute."""
    key = f"build-reports-{access.user_id}-{int(now.timestamp()) // 60}"
    cache.add(key, 0, _SECONDS)
    try:
        return cache.incr(key) > MOST_A_MINUTE
    except ValueError:  # it was pushed out of the cache just now
        return False
