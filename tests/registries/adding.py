"""Adds registries as the form would, and fills the form in."""

from django.utils import timezone

from registryui.catalog.models import Registry, RegistrySettings
from registryui.jobs.api import Hands, work_off
from registryui.sync.declare import declare_typed
from tests.indexing import NOW

PASSWORD = "correct-horse-battery-staple"


def add_typed(
    slug: str,
    url: str = "https://registry.example",
    /,
    *,
    secrets: dict[str, str] | None = None,
    **values,
) -> RegistrySettings:
    """Add a registry with these settings."""
    registry = Registry.objects.create(slug=slug, base_url=url)
    typed = RegistrySettings(registry=registry, changed_by="olga", changed_at=NOW)
    typed.values = {"url": url, **values}
    typed.seal(secrets or {})
    typed.save()
    declare_typed(typed)
    registry.refresh_from_db()
    return typed


def filled(url: str, **more: str) -> dict[str, str]:
    """Return what a browser sends for a new registry; an empty value leaves a field out."""
    sent = {"slug": "mine", "url": url, "tls_verify": "on", **more}
    return {name: value for name, value in sent.items() if value}


def work() -> None:
    """Do what workers are asked for, and what comes of it."""
    hands = Hands("worker", clock=timezone.now)
    while work_off(hands, now=timezone.now()):
        pass
