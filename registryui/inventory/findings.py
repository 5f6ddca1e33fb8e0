"""Findings: what may be wrong with a tag, in words that claim no more than is known."""

from dataclasses import dataclass
from enum import IntFlag

from django.conf import settings
from django.utils.translation import gettext, gettext_noop


class Finding(IntFlag):
    """What may be wrong; a tag's findings are kept as one number. Values are never given anew."""

    SECRET = 1
    ROOT = 2
    BROKEN = 4
    SCHEMA1 = 8
    UNSIGNED = 16
    OLD = 32
    UNPULLED = 64
    ONLY_LATEST = 128
    NO_SBOM = 256
    NO_PROVENANCE = 512
    NO_SOURCE = 1024
    NO_REVISION = 2048

    @property
    def key(self) -> str:
        """Its name in addresses and exports: ``no-sbom``."""
        return (self.name or "").lower().replace("_", "-")


NOTHING = Finding(0)


class Tone:
    """How much a finding matters; each has a colour and a shape of its own."""

    DANGER = "danger"
    WARN = "warn"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a finding says, how much it matters, and what to do about it: in English."""

    finding: Finding
    words: str
    tone: str
    meaning: str
    remedy: str

    @property
    def key(self) -> str:
        """Its name in addresses."""
        return self.finding.key


_MEANINGS = (
    (
        Finding.SECRET,
        gettext_noop("secret-looking variable"),
        Tone.DANGER,
        gettext_noop(
            "An environment variable of the image is named like a password, token or key and has a "
            "value, or its value has the form of a known kind of key. Whoever can pull the image "
            "can read it. Only the variable's name is kept and shown here, never its value."
        ),
        gettext_noop(
            "Replace the secret where it is valid, and hand it to the container when it starts."
        ),
    ),
    (
        Finding.ROOT,
        gettext_noop("runs as root"),
        Tone.WARN,
        gettext_noop(
            "The image names user 0, or names no user, so that containers start as root unless "
            "they are told otherwise. Of an index it is enough that one platform does. Images for "
            "Windows are left out: they know no root."
        ),
        gettext_noop("Add USER with a number other than 0 to the Dockerfile."),
    ),
    (
        Finding.BROKEN,
        gettext_noop("incomplete index"),
        Tone.DANGER,
        gettext_noop(
            "The index lists a manifest that was not in the repository when it was last read, so a "
            "pull for that platform fails."
        ),
        gettext_noop("Push the missing platform again, or an index without it."),
    ),
    (
        Finding.SCHEMA1,
        gettext_noop("schema 1"),
        Tone.WARN,
        gettext_noop(
            "The image is in Docker's first manifest format. Current versions of Docker and "
            "containerd do not pull it any more."
        ),
        gettext_noop("Build and push the image anew."),
    ),
    (
        Finding.UNSIGNED,
        gettext_noop("unsigned"),
        Tone.WARN,
        gettext_noop(
            "No signature is attached to the image, or none to one of its platforms. Where there "
            "is one it says “signature attached”: it was not verified, as that takes the signer's "
            "key."
        ),
        gettext_noop("Sign the image by digest with cosign or notation after pushing it."),
    ),
    (
        Finding.OLD,
        gettext_noop("old"),
        Tone.NOTE,
        gettext_noop(
            "By its own build date the image is older than {old_days} days. An image without a "
            "real build date is never called old: it says “no build date”."
        ),
        gettext_noop("Build it anew on a current base image, or delete it."),
    ),
    (
        Finding.UNPULLED,
        gettext_noop("not pulled lately"),
        Tone.NOTE,
        gettext_noop(
            "The registry told of no pull by this tag in {unpulled_days} days, though the tag was "
            "there and the registry tells of pulls. Pulls by digest are not counted."
        ),
        gettext_noop("Ask who uses it before deleting it."),
    ),
    (
        Finding.ONLY_LATEST,
        gettext_noop("latest only"),
        Tone.NOTE,
        gettext_noop(
            "“latest” is the only tag of the repository, so nobody can say which version runs, nor "
            "go back to the one before."
        ),
        gettext_noop("Push each build under a version of its own as well."),
    ),
    (
        Finding.NO_SBOM,
        gettext_noop("no SBOM"),
        Tone.NOTE,
        gettext_noop(
            "No list of what is inside is attached to the image, or none to one of its platforms."
        ),
        gettext_noop("Build with docker buildx build --sbom=true, or attach one with cosign."),
    ),
    (
        Finding.NO_PROVENANCE,
        gettext_noop("no provenance"),
        Tone.NOTE,
        gettext_noop(
            "No statement of how it was built is attached to the image, or none to one of its "
            "platforms. Statements are not verified."
        ),
        gettext_noop("Build with docker buildx build --provenance=true."),
    ),
    (
        Finding.NO_SOURCE,
        gettext_noop("no source"),
        Tone.NOTE,
        gettext_noop(
            "Neither a label nor an annotation org.opencontainers.image.source (or the older "
            "org.label-schema.vcs-url) says which repository it was built from."
        ),
        gettext_noop("Set the label when building."),
    ),
    (
        Finding.NO_REVISION,
        gettext_noop("no revision"),
        Tone.NOTE,
        gettext_noop(
            "Neither a label nor an annotation org.opencontainers.image.revision (or the older "
            "org.label-schema.vcs-ref) says which commit it was built from."
        ),
        gettext_noop("Set the label when building."),
    ),
)
MEANINGS = tuple(Meaning(*each) for each in _MEANINGS)
BY_KEY = {each.key: each.finding for each in MEANINGS}


def meaning_of(meaning: Meaning) -> str:
    """Return what a finding says, with the days that are set."""
    return gettext(meaning.meaning).format(
        old_days=settings.OLD_IMAGE_DAYS, unpulled_days=settings.UNPULLED_DAYS
    )


def meanings_in(findings: int) -> tuple[Meaning, ...]:
    """Return the meanings of some findings, those that matter most first."""
    return tuple(each for each in MEANINGS if findings & each.finding)
