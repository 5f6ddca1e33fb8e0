"""Pushing one manifest or one small blob: what restoring and replacing need, no more."""

import re
from urllib.parse import urlencode

from registryui.distribution.assembly import Parts
from registryui.distribution.commands import Command, Commands
from registryui.distribution.content import digest_header, is_digest
from registryui.distribution.errors import (
    InvalidContentError,
    NotFoundError,
    OutcomeUnknownError,
    RegistryError,
    RegistryRefusedError,
    UnsupportedError,
)
from registryui.distribution.lists import require_repository
from registryui.distribution.origins import InvalidUrlError, resolve_against
from registryui.distribution.refusals import is_page
from registryui.distribution.rejections import Rejections, Target
from registryui.distribution.scopes import push_scope
from registryui.distribution.support import Support
from registryui.distribution.wire import Answer
from registryui.oci.digest import Digest
from registryui.oci.manifest import manifest_digest
from registryui.oci.marking import gettext_noop
from registryui.oci.reference import InvalidReferenceError, is_tag

MAX_LOCATION_LENGTH = 8 * 1024

_MEDIA_TYPE = re.compile(r"[A-Za-z0-9.+!#$&^_-]{1,127}/[A-Za-z0-9.+!#$&^_-]{1,127}")


class Pushes:
    """Adds content to one registry, each time once."""

    def __init__(self, parts: Parts) -> None:
        self._name = parts.endpoint.name
        self._commands = Commands(parts)
        self._rejections = Rejections(parts.endpoint, parts.credentials)

    def put_manifest(
        self, repository: str, reference: str, content: bytes, media_type: str
    ) -> Digest:
        """Push these exact bytes; raises InvalidContentError when they arrive as something else."""
        require_repository(repository)
        operation = gettext_noop("push {repository}{separator}{reference}").format(
            repository=repository, separator=":" if is_tag(reference) else "@", reference=reference
        )
        digest = self._digest(reference, content, operation)
        command = Command(
            operation,
            "PUT",
            self._commands.url_of(f"/v2/{repository}/manifests/{reference}"),
            push_scope(repository),
            content,
            [(b"Content-Type", self._media_type(media_type, operation))],
        )
        self._check_digest(self._done(command), command, digest)
        return digest

    def _media_type(self, media_type: str, operation: str) -> bytes:
        # It may come out of a manifest, so out of anybody's hands.
        if not _MEDIA_TYPE.fullmatch(media_type):
            raise self._invalid(
                gettext_noop("that is no media type; nothing was sent"), operation, code="TYPE"
            )
        return media_type.encode()

    def _digest(self, reference: str, content: bytes, operation: str) -> Digest:
        if is_tag(reference):
            return manifest_digest(content)
        if not is_digest(reference):
            raise InvalidReferenceError(gettext_noop("This is neither a tag nor a digest."))
        digest = Digest.parse(reference)
        if manifest_digest(content, digest.algorithm) != digest:
            raise self._invalid(
                gettext_noop("the content has another digest; nothing was sent"), operation
            )
        return digest

    def upload_blob(self, repository: str, content: bytes) -> Digest:
        """Push a small blob: ask for a place, then send everything there in one request."""
        require_repository(repository)
        digest = Digest.of(content)
        operation = gettext_noop("push the blob {short} to {repository}").format(
            short=digest.short, repository=repository
        )
        scope = push_scope(repository)
        url = self._commands.url_of(f"/v2/{repository}/blobs/uploads/")
        place = self._place(self._done(Command(operation, "POST", url, scope)), operation)
        command = Command(
            operation,
            "PUT",
            f"{place}{'&' if '?' in place else '?'}{urlencode({'digest': str(digest)})}",
            scope,
            content,
            [(b"Content-Type", b"application/octet-stream")],
        )
        self._check_digest(self._done(command), command, digest)
        return digest

    def probe(self, repository: str) -> Support:
        """Begin an upload and cancel it at once: whether we may push, without pushing anything."""
        require_repository(repository)
        operation = gettext_noop("test pushing to {repository}").format(repository=repository)
        scope = push_scope(repository)
        url = self._commands.url_of(f"/v2/{repository}/blobs/uploads/")
        try:
            place = self._place(self._done(Command(operation, "POST", url, scope)), operation)
        except (RegistryRefusedError, UnsupportedError):
            return Support.NO
        except (InvalidContentError, NotFoundError, OutcomeUnknownError):
            return Support.UNKNOWN
        try:
            self._done(Command(operation, "DELETE", place, scope))
        except RegistryError:
            # Then nothing of ours may be left there on purpose either.
            return Support.UNKNOWN
        return Support.YES

    def _place(self, answer: Answer, operation: str) -> str:
        """Read ``Location``, with its query, which some registries keep their state in."""
        location = answer.header("location")
        try:
            place = resolve_against(answer.url, location)
            is_own = bool(location) and self._commands.is_registry(place)
        except InvalidUrlError:
            is_own = False
        if not is_own or len(location) > MAX_LOCATION_LENGTH:
            raise self._invalid(
                gettext_noop(
                    "it names a place for the upload that is not its own. Check that the proxy in "
                    "front of it passes on the host and the scheme (X-Forwarded-Proto)"
                ),
                operation,
                code="LOCATION",
            )
        return place

    def _done(self, command: Command) -> Answer:
        answer = self._commands.send(command)
        if answer.status < 300 and not is_page(answer):
            return answer
        error = self._rejections.error_for(answer, command.operation, Target.CONTENT)
        raise self._commands.unknown(command, error) if answer.status < 300 else error

    def _check_digest(self, answer: Answer, command: Command, digest: Digest) -> None:
        claimed = digest_header(answer)
        if claimed is None or claimed == digest or not claimed.is_verifiable:
            return
        # It may prefer another algorithm than ours.
        if manifest_digest(command.content, claimed.algorithm) != claimed:
            raise self._invalid(
                gettext_noop("it says that it got {short}").format(short=claimed.short),
                command.operation,
            )

    def _invalid(
        self, what: str, operation: str, *, code: str = "DIGEST_MISMATCH"
    ) -> InvalidContentError:
        return InvalidContentError(
            gettext_noop("{name} was asked to {operation}, but {what}.").format(
                name=self._name, operation=operation, what=what
            ),
            registry=self._name,
            operation=operation,
            code=code,
        )
