"""Tags that are no names for people: where referrers are kept without the referrers API."""

import re

from registryui.oci.digest import Digest, InvalidDigestError
from registryui.oci.kind import Kind

_ALGORITHM_LENGTH = 32
_ENCODED_LENGTH = 64
_ILLEGAL = re.compile(r"[^a-zA-Z0-9._-]")
_TAG = re.compile(r"(sha256|sha512|blake3)-([a-f0-9]{64}|[a-f0-9]{128})(\.sig|\.att|\.sbom)?")
_COSIGN_KINDS = {".sig": Kind.SIGNATURE, ".att": Kind.ATTESTATION, ".sbom": Kind.SBOM}


def referrer_tag(digest: Digest) -> str:
    """Give the tag of the fallback index that lists what refers to this manifest.

    OCI distribution-spec, "Referrers Tag Schema": the algorithm is cut to 32 characters and the
    hex to 64, so that of a sha512 only the first half is there.
    """
    algorithm = _ILLEGAL.sub("-", digest.algorithm[:_ALGORITHM_LENGTH])
    return f"{algorithm}-{digest.encoded[:_ENCODED_LENGTH]}"


def is_referrer_tag(tag: str) -> bool:
    """Tell whether the tag belongs to another manifest, and is no name of an image."""
    return _TAG.fullmatch(tag) is not None


def subject_of_tag(tag: str) -> tuple[Digest, Kind | None] | None:
    """Give the manifest that a tag speaks of, and what it holds: cosign's .sig, .att or .sbom.

    The kind is None for a fallback index of any referrers. None for every other tag, and for the
    fallback tag of a sha512, whose digest is cut.
    """
    match = _TAG.fullmatch(tag)
    if match is None:
        return None
    algorithm, encoded, suffix = match.groups()
    try:
        return Digest(algorithm, encoded), _COSIGN_KINDS.get(suffix)
    except InvalidDigestError:
        return None
