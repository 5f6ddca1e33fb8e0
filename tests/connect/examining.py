"""Has the doctor examine a registry, as a worker or a command would."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from registryui import connections
from registryui.audit.api import Actor
from registryui.catalog.models import Registry
from registryui.connect.diagnosing import diagnose, new_diagnosis
from registryui.connect.models import Diagnosis, DiagnosisLook
from registryui.declarations import Declaration
from registryui.sync.declare import declare_registries
from tests.indexing import NOW

BY = Actor.system("the tests")


@contextmanager
def declared(settings: Any, declaration: Declaration) -> Iterator[Registry]:
    """Have one registry declared while the block runs."""
    connections.close_clients()
    settings.REGISTRIES = (declaration,)
    declare_registries(settings.REGISTRIES)
    try:
        yield Registry.objects.get(slug=declaration.slug)
    finally:
        connections.close_clients()


def diagnosis_of(
    settings: Any, declaration: Declaration, *, with_deletion: bool = False
) -> Diagnosis:
    """Examine a registry so declared."""
    with declared(settings, declaration) as registry:
        diagnosis = new_diagnosis(registry, by=BY, with_deletion=with_deletion, now=NOW)
        diagnose(diagnosis)
    return diagnosis


def looks_of(diagnosis: Diagnosis) -> dict[str, DiagnosisLook]:
    """Return what was found, by what was looked at."""
    return {look.key: look for look in diagnosis.looks.order_by("pk")}


def states_of(diagnosis: Diagnosis) -> dict[str, str]:
    """Return the same in one word each."""
    return {key: look.state for key, look in looks_of(diagnosis).items()}
