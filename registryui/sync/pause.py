"""Registries that asked to be left alone: told to all processes, and kept by all of them."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_noop

from registryui.catalog.models import Registry
from registryui.distribution.client import RegistryClient
from registryui.jobs.api import Retry

WHY = gettext_noop("The registry asked to be left alone for a while.")
# Shorter pauses are slept through by the client, and over before anybody reads of them.
WORTH_TELLING = timedelta(seconds=1)


def keep_pause(registry: Registry, *, now: datetime) -> None:
    """Put the job off until the registry may be called again."""
    if registry.paused_until is not None and registry.paused_until > now:
        raise Retry(WHY, after=registry.paused_until - now)


def tell_pause(registry: Registry, client: RegistryClient, *, now: datetime) -> timedelta:
    """Tell the other processes of a pause the client was asked for, and the client of theirs.

    Return how long it still is.
    """
    known = Registry.objects.filter(pk=registry.pk).values_list("paused_until", flat=True).first()
    theirs = known - now if known is not None and known > now else timedelta(0)
    ours = timedelta(seconds=client.pause_seconds)
    if theirs > ours:
        client.pause(theirs.total_seconds())
    elif ours > theirs + WORTH_TELLING:
        Registry.objects.filter(pk=registry.pk).update(paused_until=now + ours)
    return max(ours, theirs)
