"""What CI reports of a build: read field by field, and refused with the field's name."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from registryui.builds.models import (
    LONGEST_ID,
    LONGEST_LINK,
    LONGEST_SOURCE,
    LONGEST_TEXT,
    Build,
)
from registryui.oci.annotations import parse_time, web_link
from registryui.oci.digest import Digest
from registryui.oci.document import Document, load_object
from registryui.oci.errors import OciError
from registryui.oci.reference import is_repository_name, is_tag
from registryui.oci.source import is_commit, short_branch

MAX_BODY_BYTES = 64 * 1024
MOST_TAGS = 100
LONGEST_SLUG = 50
# A machine's clock may be a little wrong.
MOST_AHEAD = timedelta(minutes=5)
SOURCE_SCHEMES = ("http", "https", "ssh", "git")


class InvalidReportError(ValueError):
    """A report that cannot be taken; ``field`` is empty when it is about the whole body."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """One report; what it does not say is empty."""

    registry: str
    repository: str
    external_id: str
    state: str
    source: str = ""
    branch: str = ""
    commit: str = ""
    dockerfile: str = ""
    builder: str = ""
    log_url: str = ""
    started_at: datetime | None = None
    finished_at: datetime | None = None
    tags: tuple[str, ...] = ()
    digest: str = ""


def read_report(body: bytes, *, now: datetime) -> BuildReport:
    """Read a body; raise InvalidReportError, which names the first field that is wrong."""
    try:
        document = load_object(body, max_bytes=MAX_BODY_BYTES)
    except OciError as error:
        raise InvalidReportError("", str(error)) from error
    for name in document:
        if name not in FIELDS:
            known = ", ".join(FIELDS)
            raise InvalidReportError(
                name[:LONGEST_TEXT], f"There is no such field. Known are: {known}."
            )
    return _report(document, now)


def _report(document: Document, now: datetime) -> BuildReport:
    report = BuildReport(
        registry=_text(document, "registry", most=LONGEST_SLUG),
        repository=_repository(document),
        external_id=_required(document, "id", most=LONGEST_ID),
        state=_state(document),
        source=_source(document),
        branch=short_branch(_text(document, "branch")),
        commit=_commit(document),
        dockerfile=_text(document, "dockerfile"),
        builder=_text(document, "builder"),
        log_url=_link(document, "log_url"),
        started_at=_time(document, "started_at", now),
        finished_at=_time(document, "finished_at", now),
        tags=_tags(document),
        digest=_digest(document),
    )
    if report.started_at and report.finished_at and report.finished_at < report.started_at:
        raise InvalidReportError("finished_at", "It lies before started_at.")
    return report


FIELDS = (
    "registry", "repository", "id", "state", "source", "branch", "commit", "dockerfile", "builder",
    "log_url", "started_at", "finished_at", "tags", "digest",
)  # fmt: skip


def _text(document: Document, name: str, *, most: int = LONGEST_TEXT) -> str:
    """Return a field's text without spaces around it; empty when it is missing or null."""
    value = document.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InvalidReportError(name, "It has to be a text.")
    text = value.strip()
    if len(text) > most:
        raise InvalidReportError(name, f"It is longer than {most} characters.")
    if not text.isprintable():
        raise InvalidReportError(name, "It holds characters that cannot be seen.")
    return text


def _required(document: Document, name: str, *, most: int) -> str:
    text = _text(document, name, most=most)
    if not text:
        raise InvalidReportError(name, "It is missing.")
    return text


def _checked(
    document: Document, name: str, is_good: Callable[[str], bool], words: str, *, most: int
) -> str:
    text = _text(document, name, most=most)
    if text and not is_good(text):
        raise InvalidReportError(name, words)
    return text


def _repository(document: Document) -> str:
    name = _required(document, "repository", most=LONGEST_TEXT)
    if not is_repository_name(name):
        words = "Write the repository's name without host and tag: team-a/app."
        raise InvalidReportError("repository", words)
    return name


def _state(document: Document) -> str:
    state = _required(document, "state", most=20).upper()
    if state not in Build.State.values:
        known = ", ".join(value.lower() for value in Build.State.values)
        raise InvalidReportError("state", f"It is none of: {known}.")
    return state


def _source(document: Document) -> str:
    words = "Write an http, https, ssh or git address without a password or token, or host:path."
    return _checked(document, "source", _is_source, words, most=LONGEST_SOURCE)


def _is_source(text: str) -> bool:
    """Say whether it is an address of source code without a secret, which all would see."""
    if "://" not in text:
        return " " not in text and ":" not in text.rpartition("@")[0]
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    is_secret = parts.password is not None or (
        # SSH knows users, such as git; over HTTP a token may be the user's name.
        parts.scheme.startswith("http") and parts.username is not None
    )
    return parts.scheme in SOURCE_SCHEMES and bool(parts.hostname) and not is_secret


def _commit(document: Document) -> str:
    text = _text(document, "commit").lower()
    if text and not is_commit(text):
        raise InvalidReportError("commit", "Write its 7 to 64 hexadecimal digits.")
    return text


def _link(document: Document, name: str) -> str:
    words = "Write an http or https address without a password."
    return _checked(document, name, lambda text: web_link(text) == text, words, most=LONGEST_LINK)


def _time(document: Document, name: str, now: datetime) -> datetime | None:
    text = _text(document, name)
    if not text:
        return None
    moment = parse_time(text)
    if moment is None:
        raise InvalidReportError(name, "Write a time such as 2024-05-01T10:11:12Z.")
    if moment > now + MOST_AHEAD:
        raise InvalidReportError(name, "It lies in the future: is the machine's clock right?")
    return moment


def _tags(document: Document) -> tuple[str, ...]:
    value = document.get("tags")
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > MOST_TAGS:
        raise InvalidReportError("tags", f"It has to be a list of at most {MOST_TAGS} tags.")
    tags = [each for each in value if isinstance(each, str) and is_tag(each)]
    if len(tags) < len(value):
        words = "Each has to be a tag alone, without the repository: 1.2.3."
        raise InvalidReportError("tags", words)
    return tuple(dict.fromkeys(tags))


def _digest(document: Document) -> str:
    text = _text(document, "digest")
    try:
        return str(Digest.parse(text)) if text else ""
    except OciError as error:
        words = "Write the image's digest: sha256: and 64 hexadecimal digits."
        raise InvalidReportError("digest", words) from error
