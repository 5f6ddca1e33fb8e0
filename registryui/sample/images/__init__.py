"""The images worth looking at: what the sample registry shows to a newcomer."""

from datetime import date

from registryui.sample.images.artifacts import push_artifacts
from registryui.sample.images.centos import push_centos
from registryui.sample.images.distribution import push_distribution
from registryui.sample.images.oddities import push_oddities
from registryui.sample.images.platform_api import push_platform_api
from registryui.sample.images.platform_others import push_platform_others
from registryui.sample.images.teams import push_teams
from registryui.sample.images.ubuntu import push_ubuntu
from registryui.sample.registry import SampleRegistry

__all__ = ["fill"]


def fill(registry: SampleRegistry, *, today: date = date(2026, 11, 20)) -> None:
    """Push every image; only the nightly builds depend on `today`, all else is fixed."""
    push_centos(registry)
    push_ubuntu(registry)
    push_distribution(registry)
    push_teams(registry)
    push_platform_api(registry)
    push_platform_others(registry, today)
    push_artifacts(registry)
    push_oddities(registry)
