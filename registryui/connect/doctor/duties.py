"""What a registry does for Registry UI: deletions, when asked to try, and notifications."""

from django.utils.translation import gettext_noop

from registryui.activity.door import hook_secret_of
from registryui.activity.models import Event
from registryui.catalog.models import Repository
from registryui.connect.doctor.findings import Finding, fine, skipped, unsupported, warning
from registryui.connect.doctor.patient import Patient
from registryui.deletion.testing import test_ability

NOT_ASKED = gettext_noop("Only tried when asked for: it is a deletion in the registry's own log.")
ARRIVED = gettext_noop("The last event arrived on {day} at {time} UTC.")


def deletion(patient: Patient) -> Finding:
    """Look whether it deletes, by names that nobody has."""
    if not patient.with_deletion:
        return skipped(NOT_ASKED)
    rows = Repository.objects.in_registry(patient.registry)
    repository = rows.filter(name=patient.repository).first()
    if repository is None:
        return skipped(
            gettext_noop("The index has no repository to try it in. Sync it, then look again.")
        )
    found = test_ability(patient.registry, repository, patient.now, by=patient.actor)
    if found.is_read_only:
        return skipped(found.words)
    if found.by_digest or found.by_tag:
        return fine(found.words)
    if found.by_digest is None:
        return warning(
            found.words, gettext_noop("Give a login that may delete, then try again."), "denied"
        )
    return unsupported(
        found.words,
        gettext_noop(
            "To switch it on: REGISTRY_STORAGE_DELETE_ENABLED=true (docker-registry, distribution)."
        ),
        "unsupported",
    )


def notifications(patient: Patient) -> Finding:
    """Look whether its notifications come in."""
    if not hook_secret_of(patient.registry.slug):
        return unsupported(
            gettext_noop("No secret is set, so none are taken; a push is seen by the next sync."),
            gettext_noop("Set hook_secret, and have the registry send its events here."),
        )
    newest = Event.objects.filter(registry=patient.registry).order_by("-pk").first()
    if newest is None:
        return warning(
            gettext_noop("A secret is set, and no event has arrived yet."),
            gettext_noop("Have the registry send its events here, then push something."),
        )
    day, time = f"{newest.received_at:%Y-%m-%d}", f"{newest.received_at:%H:%M}"
    return fine(ARRIVED.format(day=day, time=time))
