"""Keeps what was typed about a registry, and forgets it; both are in the audit log."""

from datetime import datetime

from django.db import transaction

from registryui.audit.api import Action, Actor, record
from registryui.catalog.models import Registry, RegistrySettings
from registryui.connections import set_declaration
from registryui.registries.former import Former
from registryui.registries.forms import RegistryForm
from registryui.sync.declare import declare_typed
from registryui.sync.models import SyncRun
from registryui.sync.schedule import ask_for_sync

ADDRESSES = ("url", "vendor_url")


class TakenError(Exception):
    """Somebody else added a registry of this name meanwhile."""


class MovedError(Exception):
    """Somebody else gave it another address meanwhile, and perhaps secrets that are for that."""


def save(form: RegistryForm, *, by: Actor, now: datetime) -> Registry:
    """Keep what a valid form says, and have the registry synced.

    Raises TakenError, MovedError, and RegistrySettings.DoesNotExist when somebody removed it
    meanwhile.
    """
    with transaction.atomic():
        typed = _row(form)
        if not form.former.is_new:
            # Somebody may have changed it since the form was read.
            before, form.former = form.former, Former.of(typed)
            if any(form.former.values.get(n) != before.values.get(n) for n in ADDRESSES):
                raise MovedError
        fields = _changed(typed, form)
        typed.values = form.values
        typed.seal(form.secrets)
        typed.changed_by, typed.changed_at = by.name, now
        typed.save()
        declare_typed(typed)
        registry = typed.registry
        Registry.objects.filter(pk=registry.pk).update(next_attempt_at=None, failures_in_a_row=0)
        ask_for_sync(registry, SyncRun.Trigger.PERSON, now=now)
        record(
            Action.REGISTRY_ADD if form.former.is_new else Action.REGISTRY_CHANGE,
            by=by,
            registry=registry.slug,
            subject=str(form.values["url"]),
            details={"fields": ", ".join(fields)},
            now=now,
        )
    return registry


def remove(typed: RegistrySettings, *, by: Actor, now: datetime) -> None:
    """Forget what was typed, its secrets too; the index is kept, as of any undeclared registry."""
    registry = typed.registry
    with transaction.atomic():
        typed.delete()
        if set_declaration(registry.slug) is None:
            Registry.objects.filter(pk=registry.pk).update(is_declared=False)
        record(
            Action.REGISTRY_REMOVE,
            by=by,
            registry=registry.slug,
            subject=str(typed.values.get("url", "")),
            now=now,
        )


def _row(form: RegistryForm) -> RegistrySettings:
    """Return the row to fill, which nobody else fills meanwhile."""
    if form.former.is_new:
        # A registry of this name may have been here before: then its index is, too.
        registry, _ = Registry.objects.get_or_create(slug=form.slug)
        registry = Registry.objects.select_for_update().get(pk=registry.pk)
        if RegistrySettings.objects.filter(registry=registry).exists():
            raise TakenError
        return RegistrySettings(registry=registry)
    rows = RegistrySettings.objects.select_for_update().select_related("registry")
    return rows.get(registry__slug=form.slug)


def _changed(typed: RegistrySettings, form: RegistryForm) -> list[str]:
    """Return which settings become others; of secrets, which were typed or removed."""
    names = {*typed.values, *form.values}
    changed = {name for name in names if typed.values.get(name) != form.values.get(name)}
    secrets, former = form.secrets, form.former.secrets
    changed |= {name for name in {*secrets, *former} if secrets.get(name) != former.get(name)}
    return sorted(changed)
