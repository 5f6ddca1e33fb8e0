"""The looks of an examination in their order; what needs another one is skipped without it."""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_noop

from registryui.connect.doctor import duties, lists, network, protocol
from registryui.connect.doctor.findings import Finding, State, failed, skipped
from registryui.connect.doctor.patient import Patient
from registryui.connections import UndeclaredRegistryError
from registryui.distribution.errors import RegistryError


@dataclass(frozen=True, slots=True)
class Look:
    """One thing to look at; ``needs`` names those that must not have failed before."""

    key: str
    title: str
    run: Callable[[Patient], Finding]
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """What one look found, and how long it took."""

    look: Look
    finding: Finding
    milliseconds: int


FIRST = gettext_noop("{what} has to work first.")
ALONE = gettext_noop("It asked to be left alone for {seconds} more seconds.")
NO_TIME = gettext_noop("There was no time left for it: the registry is slow.")
CONNECTION = ("port", "chain", "names", "dates")
LOOKS = (
    Look("name", gettext_noop("Name"), network.look_up),
    Look("port", gettext_noop("Port"), network.knock, ("name",)),
    Look("chain", gettext_noop("TLS: authority"), network.chain, ("port",)),
    Look("names", gettext_noop("TLS: names"), network.names, ("port",)),
    Look("dates", gettext_noop("TLS: dates"), network.dates, ("port",)),
    Look("ping", "/v2/", protocol.greet, CONNECTION),
    Look("challenge", gettext_noop("Challenge"), protocol.challenge, ("ping",)),
    Look("login", gettext_noop("Login"), protocol.log_in, ("ping",)),
    Look("clock", gettext_noop("Clock"), protocol.clock, ("ping",)),
    Look("catalog", gettext_noop("Catalog"), lists.catalog, ("login",)),
    Look("tags", gettext_noop("Tags"), protocol.tags, ("login",)),
    Look("manifest", gettext_noop("Manifest"), protocol.manifest, ("tags",)),
    Look("blob", gettext_noop("Blob"), protocol.blob, ("manifest",)),
    Look("referrers", gettext_noop("Referrers"), protocol.referrers, ("manifest",)),
    Look("deletion", gettext_noop("Deletion"), duties.deletion, ("login",)),
    Look("notifications", gettext_noop("Notifications"), duties.notifications),
)
# Those that try nothing and need nothing but the registry itself.
READING = tuple(look for look in LOOKS if look.key not in {"deletion", "notifications"})
TITLES = {look.key: look.title for look in LOOKS}
TOTAL = len(LOOKS)


def examine(
    patient: Patient, *, looks: tuple[Look, ...] = LOOKS, seconds: float = math.inf
) -> Iterator[Seen]:
    """Look at everything, one after the other; no failure of a look ends the examination.

    After so many ``seconds`` no further look is begun.
    """
    failures: dict[str, str] = {}
    until = time.monotonic() + seconds
    for look in looks:
        begun = time.monotonic()
        stopper = next((failures[key] for key in look.needs if key in failures), "")
        if stopper:
            finding = skipped(FIRST.format(what=stopper))
        else:
            finding = _looked(look, patient) if begun < until else skipped(NO_TIME)
        if stopper or finding.state == State.BROKEN:
            failures[look.key] = stopper or look.title
        yield Seen(look, finding, round((time.monotonic() - begun) * 1000))


def _looked(look: Look, patient: Patient) -> Finding:
    if wait := patient.client.pause_seconds:
        return skipped(ALONE.format(seconds=f"{round(wait):,}"))
    try:
        return look.run(patient)
    except RegistryError as error:
        return failed(error)
    except UndeclaredRegistryError as error:
        return skipped(str(error))
