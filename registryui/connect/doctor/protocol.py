"""From ``/v2/`` to an image's bytes: what every client asks of a registry."""

from datetime import timedelta
from urllib.parse import urlsplit

from django.utils.translation import gettext_noop

from registryui.connect.doctor.findings import (
    Finding,
    broken,
    failed,
    fine,
    skipped,
    unsupported,
    warning,
)
from registryui.connect.doctor.patient import Patient
from registryui.distribution.challenge import Challenge
from registryui.distribution.errors import InvalidContentError, NotFoundError
from registryui.distribution.referrers import Source
from registryui.distribution.wording import printable
from registryui.oci.digest import Digest
from registryui.oci.errors import OciError
from registryui.oci.manifest import Manifest, parse_manifest

REPOSITORIES_TRIED = 5
NOTABLE_SKEW = timedelta(seconds=30)
HARMFUL_SKEW = timedelta(minutes=5)
ANSWERS = gettext_noop("/v2/ answers {status}, as a registry does.")
SERVER = gettext_noop("The server calls itself {server}.")
WEB_PAGE = gettext_noop("/v2/ answers with a web page (status {status}), not like a registry.")
OTHER = gettext_noop("/v2/ answers with something else (status {status}), not like a registry.")
BEARER = gettext_noop("Bearer: tokens come from {host}.")
BEARER_FROM_NOWHERE = gettext_noop("Bearer: tokens come from an address that it does not give.")
OTHER_SCHEME = gettext_noop("{scheme}: it wants a user name and a password.")
BEHIND = gettext_noop("Its clock is {seconds} seconds behind ours.")
AHEAD = gettext_noop("Its clock is {seconds} seconds ahead of ours.")
ONE_TAG = gettext_noop("{repository} has {count} tag.")
TAGS = gettext_noop("{repository} has {count} tags.")
NO_TAGS = gettext_noop("None of the {count} repositories that were tried has a tag.")
POINTS_TO = gettext_noop("{name} points to {digest}, which is {media_type}.")
NO_MANIFEST = gettext_noop("What it gives for {name} is no manifest.")
IN_PARTS = gettext_noop("It gives blob {digest}, and parts of it alone.")
WHOLE_ONLY = gettext_noop("It gives blob {digest}, but whole only: it does not heed Range.")

# By what a login is; where it is kept goes in.
ACCEPTED = {
    "the registry token": gettext_noop("It accepts the registry token {what}."),
    "the identity token": gettext_noop("It accepts the identity token {what}."),
    "the user name and password": gettext_noop("It accepts the user name and password {what}."),
}


def greet(patient: Patient) -> Finding:
    """Look whether a registry answers at all."""
    greeting = patient.greeting = patient.examination.greeting()
    if greeting.is_registry:
        answers = ANSWERS.format(status=greeting.status)
        server = greeting.server
        return fine(f"{answers} {SERVER.format(server=server)}" if server else answers)
    what = WEB_PAGE if greeting.is_page else OTHER
    return broken(
        what.format(status=greeting.status),
        gettext_noop(
            "Check the address, and whether a proxy's error page, a login page or another web "
            "server is in front of it."
        ),
        "not-a-registry",
    )


def challenge(patient: Patient) -> Finding:
    """Look how it asks for a login."""
    greeting = patient.greeting
    if greeting is None:
        return skipped(gettext_noop("It did not answer."))
    if greeting.challenges:
        return fine(" ".join(_challenge_words(each) for each in greeting.challenges))
    if greeting.status == 401:
        return warning(
            gettext_noop(
                "It wants a login without saying how: the WWW-Authenticate header is missing."
            ),
            gettext_noop("Let the proxy in front of it pass WWW-Authenticate on."),
            "unauthorized",
        )
    return fine(gettext_noop("It asks nobody for a login."))


def _challenge_words(found: Challenge) -> str:
    if found.scheme == "bearer":
        realm = urlsplit(printable(found.realm, 300))
        return BEARER.format(host=realm.netloc) if realm.netloc else BEARER_FROM_NOWHERE
    return OTHER_SCHEME.format(scheme=printable(found.scheme, 20).capitalize())


def log_in(patient: Patient) -> Finding:
    """Look whether it accepts our credentials, or strangers if we have none."""
    answer = patient.client.ping()
    login = patient.client.login
    if login:
        return fine(ACCEPTED[login.what].format(what=login.where))
    if answer.needs_login:
        return broken(
            gettext_noop("It wants a login, and there is none."), login.advice, "no-credentials"
        )
    return fine(gettext_noop("It lets strangers in; no login is set, and none is needed."))


def clock(patient: Patient) -> Finding:
    """Look whether its clock agrees with ours."""
    date = patient.greeting.date if patient.greeting else None
    if date is None:
        return unsupported(
            gettext_noop("Its answers carry no date, so its clock cannot be compared.")
        )
    skew = patient.now - date
    seconds = round(abs(skew.total_seconds()))
    if abs(skew) < NOTABLE_SKEW:
        return fine(gettext_noop("Its clock agrees with ours."))
    words = (BEHIND if skew > timedelta(0) else AHEAD).format(seconds=f"{seconds:,}")
    fix = gettext_noop(
        "Let both machines be set by NTP: tokens and certificates are valid by the clock."
    )
    return broken(words, fix, "expired") if abs(skew) > HARMFUL_SKEW else warning(words, fix)


def tags(patient: Patient) -> Finding:
    """Look whether it lists the tags of a repository."""
    tried = patient.candidates(REPOSITORIES_TRIED)
    for repository in tried:
        try:
            found = patient.client.tags(repository)
        except NotFoundError:
            continue  # a catalog may list what is empty
        if found.names:
            patient.repository, patient.tag = repository, str(found.names[0])
            count = len(found.names)
            words = ONE_TAG if count == 1 else TAGS
            return fine(words.format(repository=repository, count=f"{count:,}"))
    if tried:
        return skipped(NO_TAGS.format(count=len(tried)))
    return skipped(
        gettext_noop("There is no repository to try it with. Push an image, then look again.")
    )


def manifest(patient: Patient) -> Finding:
    """Look whether it gives a manifest, and the one that it says."""
    if not patient.tag:
        return skipped(gettext_noop("There is no tag to try it with."))
    name = f"{patient.repository}:{patient.tag}"
    try:
        found = patient.manifest = _manifest(patient, patient.tag)
    except OciError:
        return broken(
            NO_MANIFEST.format(name=name), gettext_noop("Look at the image; push it again.")
        )
    except NotFoundError as error:
        return failed(error, explanation="manifest-unknown")
    return fine(POINTS_TO.format(name=name, digest=found.digest.short, media_type=found.media_type))


def _manifest(patient: Patient, reference: str) -> Manifest:
    document = patient.client.manifest(patient.repository, reference)
    return parse_manifest(
        document.content, content_type=document.content_type, digest=document.digest
    )


def blob(patient: Patient) -> Finding:
    """Look whether it gives a blob, and parts of one."""
    try:
        digest = _blob_of(patient)
        gives = digest is not None and _gives_parts(patient, digest)
    except NotFoundError as error:  # a platform of the image, or the blob
        return failed(error, explanation="manifest-unknown")
    if digest is None:
        return skipped(gettext_noop("There is no blob to try it with."))
    if gives:
        return fine(IN_PARTS.format(digest=digest.short))
    return unsupported(
        WHOLE_ONLY.format(digest=digest.short),
        gettext_noop(
            "An interrupted pull begins anew. Let the proxy in front of it pass Range on."
        ),
    )


def _gives_parts(patient: Patient, digest: Digest) -> bool:
    try:
        return patient.examination.gives_ranges(patient.repository, digest)
    except InvalidContentError as error:
        if error.code != "TOO_LARGE":
            raise
        return False


def _blob_of(patient: Patient) -> Digest | None:
    found = patient.manifest
    if found and found.children:
        found = _manifest(patient, str(found.children[0].digest))
    if found is None:
        return None
    blobs = [*([found.config] if found.config else []), *found.stored_layers]
    return blobs[0].digest if blobs else None


def referrers(patient: Patient) -> Finding:
    """Look whether it lists what refers to a manifest."""
    if patient.manifest is None:
        return skipped(gettext_noop("There is no manifest to try it with."))
    found = patient.client.referrers(patient.repository, patient.manifest.digest)
    if found.source is Source.API or patient.client.supports_referrers:
        return fine(gettext_noop("It lists signatures and the like by the referrers API."))
    return unsupported(
        gettext_noop("It has no referrers API."),
        gettext_noop("Signatures are found by their tags instead; clients do that by themselves."),
    )
