"""Annotations and labels: the well-known keys, links, and when an image was made."""

import re
from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import urlsplit

from registryui.oci.document import Pairs
from registryui.oci.marking import gettext_noop

# OCI image-spec, annotations.md
_OCI = "org.opencontainers.image."
CREATED = f"{_OCI}created"
AUTHORS = f"{_OCI}authors"
URL = f"{_OCI}url"
DOCUMENTATION = f"{_OCI}documentation"
SOURCE = f"{_OCI}source"
VERSION = f"{_OCI}version"
REVISION = f"{_OCI}revision"
VENDOR = f"{_OCI}vendor"
LICENSES = f"{_OCI}licenses"
REF_NAME = f"{_OCI}ref.name"
TITLE = f"{_OCI}title"
DESCRIPTION = f"{_OCI}description"
BASE_DIGEST = f"{_OCI}base.digest"
BASE_NAME = f"{_OCI}base.name"

# BuildKit, docs/attestations/attestation-storage.md
BUILDKIT_REFERENCE_TYPE = "vnd.docker.reference.type"
BUILDKIT_REFERENCE_DIGEST = "vnd.docker.reference.digest"
BUILDKIT_ATTESTATION = "attestation-manifest"
PREDICATE_TYPE = "in-toto.io/predicate-type"
COSIGN_PREDICATE_TYPE = "predicateType"
# sigstore, cosign BUNDLE_SPEC
SIGSTORE_PREDICATE_TYPE = "dev.sigstore.bundle.predicateType"
COSIGN_SIGN_PREDICATE = "https://sigstore.dev/cosign/sign/v1"

# "Back-compatibility with Label Schema" in annotations.md
_LABEL_SCHEMA = "org.label-schema."
_LABEL_SCHEMA_KEYS = {
    CREATED: f"{_LABEL_SCHEMA}build-date",
    URL: f"{_LABEL_SCHEMA}url",
    DOCUMENTATION: f"{_LABEL_SCHEMA}usage",
    SOURCE: f"{_LABEL_SCHEMA}vcs-url",
    VERSION: f"{_LABEL_SCHEMA}version",
    REVISION: f"{_LABEL_SCHEMA}vcs-ref",
    VENDOR: f"{_LABEL_SCHEMA}vendor",
    TITLE: f"{_LABEL_SCHEMA}name",
    DESCRIPTION: f"{_LABEL_SCHEMA}description",
}

_WORDS = {
    CREATED: gettext_noop("created"),
    AUTHORS: gettext_noop("authors"),
    URL: gettext_noop("website"),
    DOCUMENTATION: gettext_noop("documentation"),
    SOURCE: gettext_noop("source"),
    VERSION: gettext_noop("version"),
    REVISION: gettext_noop("revision"),
    VENDOR: gettext_noop("vendor"),
    LICENSES: gettext_noop("licence"),
    REF_NAME: gettext_noop("reference name"),
    TITLE: gettext_noop("title"),
    DESCRIPTION: gettext_noop("description"),
    BASE_DIGEST: gettext_noop("base image digest"),
    BASE_NAME: gettext_noop("base image"),
    BUILDKIT_REFERENCE_TYPE: gettext_noop("kind of attachment"),
    BUILDKIT_REFERENCE_DIGEST: gettext_noop("attached to"),
    PREDICATE_TYPE: gettext_noop("kind of statement"),
    COSIGN_PREDICATE_TYPE: gettext_noop("kind of statement"),
    SIGSTORE_PREDICATE_TYPE: gettext_noop("kind of statement"),
}
_WORDS |= {old: _WORDS[key] for key, old in _LABEL_SCHEMA_KEYS.items()}

_MAX_LINK_LENGTH = 2048
_MAX_TIME_LENGTH = 100
_TIME = re.compile(
    r"(?P<year>[0-9]{4})-?(?P<month>[0-9]{2})-?(?P<day>[0-9]{2})"
    r"(?:[Tt ](?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})"
    r"(?:[.,](?P<fraction>[0-9]{1,30}))?)?)?"
    r" ?(?:[Zz]|(?P<sign>[+-])(?P<hours>[0-9]{2}):?(?P<minutes>[0-9]{2}))?"
    r"(?: [A-Z]{1,5}| [+-][0-9]{2,4})?(?: m=[+-][0-9.]{1,30})?"
)
_FIRST_REAL = datetime(1971, 1, 1, tzinfo=UTC)
_LAST_YEAR = 9998  # a page may still add an hour or a day
# What Cloud Native Buildpacks and zip tools write for "no date".
_UNREAL = frozenset(datetime(1980, 1, 1, 0, 0, second, tzinfo=UTC) for second in (0, 1))


def value_of(pairs: Pairs, key: str) -> str:
    """Give the value of a key, or of its older org.label-schema name; "" when there is none."""
    values = dict(pairs)
    older = _LABEL_SCHEMA_KEYS.get(key, key)
    return values.get(key) or values.get(older, "")


def words_for(key: str) -> str:
    """Give a word for people for a well-known key: "licence"; "" for any other."""
    return _WORDS.get(key, "")


def web_link(value: str) -> str:
    """Give the value if it is safe to be a link on a page, else "".

    That is: http or https, a host, no credentials, nothing invisible (control characters, spaces,
    bidirectional overrides) and no backslash, which browsers read as a slash.
    """
    text = value.strip()
    if len(text) > _MAX_LINK_LENGTH or not text.isprintable() or " " in text or "\\" in text:
        return ""
    try:
        parts = urlsplit(text)
        is_safe = parts.scheme in {"http", "https"} and bool(parts.hostname)
        is_safe = is_safe and "@" not in parts.netloc and parts.port != 0
    except ValueError:  # half an IPv6 address, a port that is no number
        return ""
    return text if is_safe else ""


def parse_time(text: object) -> datetime | None:
    """Read a date as images carry it and give it in UTC, cut to microseconds.

    Understood are RFC 3339, what Go's `time.String` writes, and a bare date; a time without a zone
    is taken as UTC. None for anything else and for dates that mean "none": before 1971 (Go's year
    1, SOURCE_DATE_EPOCH=0) and the start of 1980 (buildpacks); and for years past 9998.
    """
    if not isinstance(text, str) or len(text) > _MAX_TIME_LENGTH:
        return None
    match = _TIME.fullmatch(text.strip())
    if match is None:
        return None
    try:
        moment = _moment(match).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if _is_real(moment) else None


def _moment(match: re.Match[str]) -> datetime:
    part = match.groupdict(default="0")
    # A leap second is written :60, which datetime does not know.
    second = 59 if part["second"] == "60" else int(part["second"])
    offset = timedelta(hours=int(part["hours"]), minutes=int(part["minutes"]))
    return datetime(
        int(part["year"]),
        int(part["month"]),
        int(part["day"]),
        int(part["hour"]),
        int(part["minute"]),
        second,
        int(part["fraction"][:6].ljust(6, "0")),
        tzinfo=timezone(-offset if part["sign"] == "-" else offset),
    )


def _is_real(moment: datetime) -> bool:
    return moment >= _FIRST_REAL and moment.year <= _LAST_YEAR and moment not in _UNREAL


def created_at(
    *,
    config_created: datetime | None,
    manifest_annotations: Pairs,
    index_annotations: Pairs,
    labels: Pairs,
) -> datetime | None:
    """Give when an image was made, from the first source that has a real date.

    In this order: the config, the annotation on the manifest, on the index, the label, and the
    label of the old label schema. It is what the builder wrote, not when it was pushed.
    """
    if config_created is not None:
        return config_created
    for pairs in (manifest_annotations, index_annotations, labels):
        for key in (CREATED, _LABEL_SCHEMA_KEYS[CREATED]):
            moment = parse_time(dict(pairs).get(key))
            if moment is not None:
                return moment
    return None
