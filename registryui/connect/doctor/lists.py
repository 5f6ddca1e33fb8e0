"""Who lists the repositories: the registry, the API of a vendor, or whoever types what to watch."""

from contextlib import closing
from dataclasses import replace

from django.utils.translation import gettext_noop

from registryui import sources
from registryui.connect.doctor.findings import Finding, failed, fine, unsupported, warning
from registryui.connect.doctor.patient import Patient
from registryui.connections import declaration_of, vendor_listing_for
from registryui.distribution.errors import (
    NotFoundError,
    RegistryError,
    RegistryRefusedError,
    UnsupportedError,
)
from registryui.sync.watching import Watched, watched_in

LISTED = gettext_noop("It lists its repositories: {count} in the first answer.")
LISTED_BY_VENDOR = gettext_noop(
    "{vendor}'s API lists its repositories: {count} in the first answer."
)
WATCHED_ALONE = gettext_noop("{count} name or pattern is watched instead.")
WATCHED = gettext_noop("{count} names and patterns are watched instead.")


def catalog(patient: Patient) -> Finding:
    """Look whether its repositories are listed, by whom the settings say."""
    watched = watched_in(patient.registry, patient.trial)
    patient.names = tuple(sorted(watched.names))
    if patient.registry.list_source == sources.OFF:
        return _by_watching(
            gettext_noop("It is not asked for a catalog, as its settings say."), watched
        )
    if patient.registry.list_source in sources.VENDORS:
        return _by_vendor(patient)
    return _by_catalog(patient, watched)


def _by_catalog(patient: Patient, watched: Watched) -> Finding:
    try:
        page = next(patient.client.iter_catalog(), None)
    except (NotFoundError, UnsupportedError, RegistryRefusedError) as error:
        if watched:
            return _by_watching(error.for_people, watched)
        if isinstance(error, RegistryRefusedError):
            fix = gettext_noop(
                "Give a login that may read the catalog, or name what to watch: some have none."
            )
            return warning(error.for_people, fix)
        fix = gettext_noop(
            "Name the repositories to watch, or set the API of a vendor that lists them."
        )
        return unsupported(error.for_people, fix)
    names = page.names if page else ()
    patient.names = (*names, *patient.names)
    if not names:
        return fine(gettext_noop("It lists its repositories: there are none."))
    return fine(LISTED.format(count=f"{len(names):,}"))


def _by_vendor(patient: Patient) -> Finding:
    vendor = sources.VENDORS[patient.registry.list_source]
    try:
        declaration = patient.trial or declaration_of(patient.registry.slug)
        with closing(vendor_listing_for(declaration, patient.client)) as listing:
            page = next(listing.pages(), None)
    except RegistryError as error:
        # What a client's user would see has nothing to do with it.
        return replace(failed(error), explanation="")
    names = page.names if page else ()
    patient.names = (*names, *patient.names)
    return fine(LISTED_BY_VENDOR.format(vendor=vendor, count=f"{len(names):,}"))


def _by_watching(why: str, watched: Watched) -> Finding:
    if not watched:
        return warning(why, gettext_noop("Name the repositories to watch, or it shows nothing."))
    count = len(watched.names) + len(watched.patterns)
    sentence = (WATCHED_ALONE if count == 1 else WATCHED).format(count=f"{count:,}")
    return fine(f"{why} {sentence}")
