"""Fetching manifests and blobs, and believing only what matches its digest."""

from dataclasses import dataclass

from registryui.distribution.assembly import Parts
from registryui.distribution.conversation import Question
from registryui.distribution.errors import InvalidContentError, NotFoundError, UnsupportedError
from registryui.distribution.lists import require_repository
from registryui.distribution.scopes import pull_scope
from registryui.distribution.wire import Answer, RawHeaders
from registryui.oci.digest import Digest
from registryui.oci.errors import OciError
from registryui.oci.manifest import manifest_digest
from registryui.oci.marking import gettext_noop
from registryui.oci.media_types import ACCEPT_MANIFESTS
from registryui.oci.reference import InvalidReferenceError, is_tag

# In one line: old servers read only the first header line. Without it distribution hides OCI
# manifests behind a 404.
ACCEPT: RawHeaders = [(b"Accept", ACCEPT_MANIFESTS.encode())]

LOOK_UP = gettext_noop("look up {repository}{separator}{reference}")
READ = gettext_noop("read {repository}{separator}{reference}")


@dataclass(frozen=True, slots=True)
class ManifestDocument:
    """The exact bytes of a manifest, the media type the registry gave, and their digest.

    ``digest`` is the one asked for, or computed from the bytes; ``header_digest`` is only what the
    registry claims.
    """

    content: bytes
    content_type: str
    digest: Digest
    header_digest: Digest | None


class Content:
    """Manifests and blobs of one registry."""

    def __init__(self, parts: Parts) -> None:
        self._endpoint = parts.endpoint
        self._limits = parts.limits
        self._conversation = parts.conversation
        # None until HEAD has worked, or a failure was compared with GET: old Nexus and Artifactory
        # answer 404 to every HEAD.
        self._can_head: bool | None = True if parts.endpoint.is_docker_hub else None

    def resolve(
        self, repository: str, reference: str, *, known: Digest | None, reserve: int = 0
    ) -> Digest | None:
        """Give the digest by HEAD, by GET where HEAD does not work, or None."""
        question = self.question(LOOK_UP, repository, reference)
        question.reserve = reserve
        if self._can_head is False:
            return self.document(self._conversation.ask(question), reference, question).digest
        headers = [(b"If-None-Match", f'"{known}"'.encode())] if known else []
        question.method, question.headers = "HEAD", ACCEPT + headers
        answer = self._conversation.try_to_ask(question)
        if answer.status in (200, 304):
            self._can_head = True
            return known if answer.status == 304 else digest_header(answer)
        if answer.status in (400, 404, 405, 501):
            return self._resolve_by_get(answer, reference, question)
        raise self._conversation.error_for(answer, question.operation)

    def _resolve_by_get(self, refused: Answer, reference: str, question: Question) -> Digest:
        """Ask again by GET, unless a 404 on HEAD is known to be true; learn from the answer."""
        if refused.status == 404 and self._can_head:
            raise self._conversation.error_for(refused, question.operation)
        question.method, question.headers = "GET", ACCEPT
        try:
            answer = self._conversation.ask(question)
        except NotFoundError:
            self._can_head = True
            raise
        if self._can_head is None:
            self._can_head = False
        return self.document(answer, reference, question).digest

    def manifest(self, repository: str, reference: str, *, reserve: int = 0) -> ManifestDocument:
        """Fetch the document, verified when asked for by digest."""
        question = self.question(READ, repository, reference)
        question.reserve = reserve
        return self.document(self._conversation.ask(question), reference, question)

    def blob(
        self, repository: str, digest: Digest, *, max_bytes: int, expected_bytes: int | None
    ) -> bytes:
        """Fetch the verified bytes; redirects to a storage host are followed."""
        require_repository(repository)
        question = Question(
            gettext_noop("read the blob {short} of {repository}").format(
                short=digest.short, repository=repository
            ),
            f"/v2/{repository}/blobs/{digest}",
            pull_scope(repository),
            max_bytes,
            follows_storage=True,
        )
        self._require_verifiable(digest, question)
        if expected_bytes is not None and expected_bytes > max_bytes:
            raise self._invalid(
                gettext_noop("is too large to be read here"), question, code="TOO_LARGE"
            )
        content = self._conversation.ask(question).content
        if expected_bytes is not None and len(content) != expected_bytes:
            raise self._invalid(gettext_noop("does not have the size its manifest says"), question)
        if not digest.matches(content):
            raise self._invalid(gettext_noop("does not match its digest"), question)
        return content

    def question(self, form: str, repository: str, reference: str) -> Question:
        """Make the request for a manifest, said by ``form``.

        Raises InvalidReferenceError for what names none.
        """
        require_repository(repository)
        separator = ":" if is_tag(reference) else "@"
        if separator == "@" and not is_digest(reference):
            # Malformed digests make distribution 2.8.2 fail with a 500 that shows storage paths.
            raise InvalidReferenceError(gettext_noop("This is neither a tag nor a digest."))
        return Question(
            form.format(repository=repository, separator=separator, reference=reference),
            f"/v2/{repository}/manifests/{reference}",
            pull_scope(repository),
            self._limits.manifest_bytes,
            headers=ACCEPT,
            is_manifest=True,
        )

    def document(self, answer: Answer, reference: str, question: Question) -> ManifestDocument:
        """Make the document of an answer, verified when it was asked for by digest."""
        claimed = digest_header(answer)
        if ":" in reference:
            digest = Digest.parse(reference)
            self._require_verifiable(digest, question)
            if manifest_digest(answer.content, digest.algorithm) != digest:
                raise self._invalid(gettext_noop("does not match its digest"), question)
        else:
            digest = manifest_digest(answer.content)
        return ManifestDocument(answer.content, answer.media_type, digest, claimed)

    def _require_verifiable(self, digest: Digest, question: Question) -> None:
        if not digest.is_verifiable:
            raise UnsupportedError(
                gettext_noop("Content with a {algorithm} digest cannot be verified here.").format(
                    algorithm=digest.algorithm
                ),
                registry=self._endpoint.name,
                operation=question.operation,
            )

    def _invalid(
        self, what: str, question: Question, *, code: str = "DIGEST_MISMATCH"
    ) -> InvalidContentError:
        return InvalidContentError(
            gettext_noop(
                "{endpoint} was asked to {operation}, but the content {what}. It was not used. "
                "Check the registry's storage and the proxy in front of it."
            ).format(endpoint=self._endpoint.name, operation=question.operation, what=what),
            registry=self._endpoint.name,
            operation=question.operation,
            code=code,
        )


def digest_header(answer: Answer) -> Digest | None:
    """Give the digest a registry claims, or None when there is none that can be read."""
    try:
        return Digest.parse(answer.header("docker-content-digest"))
    except OciError:
        return None


def is_digest(reference: str) -> bool:
    """Tell whether this is a well formed digest."""
    try:
        Digest.parse(reference)
    except OciError:
        return False
    return True
