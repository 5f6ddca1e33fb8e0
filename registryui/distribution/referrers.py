"""What refers to a manifest (OCI distribution-spec 1.1, listing referrers)."""

from dataclasses import dataclass
from enum import StrEnum

from registryui.distribution.assembly import Parts
from registryui.distribution.content import Content
from registryui.distribution.conversation import Question
from registryui.distribution.errors import InvalidContentError, NotFoundError
from registryui.distribution.links import next_query
from registryui.distribution.lists import require_repository
from registryui.distribution.refusals import complaint_of
from registryui.distribution.scopes import pull_scope
from registryui.distribution.wire import Answer
from registryui.oci.descriptor import Descriptor
from registryui.oci.digest import Digest
from registryui.oci.document import InvalidDocumentError, load_object
from registryui.oci.errors import OciError
from registryui.oci.manifest import referrer_tag
from registryui.oci.marking import gettext_noop
from registryui.oci.media_types import OCI_INDEX, is_index

UNSUPPORTED_STATUSES = frozenset({404, 405, 406, 501})


class Source(StrEnum):
    """Where a list of referrers came from."""

    API = "api"
    TAG = "tag"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Referrers:
    """The referrers of one manifest. Anybody who may push can add one: attribute, never trust."""

    descriptors: tuple[Descriptor, ...]
    source: Source


class ReferrersApi:
    """Asks the API, and the fallback tag where there is no API; remembers which."""

    def __init__(self, parts: Parts, content: Content) -> None:
        self._endpoint = parts.endpoint
        self._limits = parts.limits
        self._conversation = parts.conversation
        self._content = content
        self.is_supported: bool | None = None

    def referrers(self, repository: str, digest: Digest, *, reserve: int = 0) -> Referrers:
        """All referrers, unfiltered; ``reserve`` is as for a manifest."""
        require_repository(repository)
        if self.is_supported is not False:
            descriptors = self._from_api(repository, digest)
            if descriptors is not None:
                return Referrers(descriptors, Source.API)
        return self._from_tag(repository, digest, reserve)

    def _from_api(self, repository: str, digest: Digest) -> tuple[Descriptor, ...] | None:
        question = Question(
            gettext_noop("list the referrers of {repository}@{digest}").format(
                repository=repository, digest=digest
            ),
            f"/v2/{repository}/referrers/{digest}",
            pull_scope(repository),
            self._limits.manifest_bytes,
            headers=[(b"Accept", OCI_INDEX.encode())],
        )
        answer = self._conversation.try_to_ask(question)
        if answer.status == 200 and answer.media_type == OCI_INDEX:
            self.is_supported = True
            return self._paged(answer, question)
        self._learn_from_failure(answer, question)
        return None

    def _learn_from_failure(self, answer: Answer, question: Question) -> None:
        """Tell "no such API" from "no such repository" and from failures."""
        code = complaint_of(answer).code
        if answer.status == 404 and code in ("NAME_UNKNOWN", "MANIFEST_UNKNOWN"):
            if code == "NAME_UNKNOWN":
                raise self._conversation.error_for(answer, question.operation)
            return
        if answer.status < 300 or answer.status in UNSUPPORTED_STATUSES:
            self.is_supported = False if self.is_supported is None else self.is_supported
        elif answer.status != 400:
            raise self._conversation.error_for(answer, question.operation)

    def _paged(self, answer: Answer, question: Question) -> tuple[Descriptor, ...]:
        path, found, asked = question.path, self._read(answer, question), {""}
        while query := next_query(answer.headers.get_list("link")):
            if query in asked or len(found) > self._limits.max_referrers:
                break
            asked.add(query)
            question.path = f"{path}?{query}"
            answer = self._conversation.ask(question)
            more = self._read(answer, question)
            if not more:
                break
            found += more
        unique = {descriptor.digest: descriptor for descriptor in found}
        return tuple(unique.values())[: self._limits.max_referrers]

    def _read(self, answer: Answer, question: Question) -> list[Descriptor]:
        try:
            return _descriptors(answer.content, self._limits.manifest_bytes)
        except InvalidDocumentError:
            raise InvalidContentError(
                gettext_noop(
                    "{endpoint} was asked to {operation}, but its answer is not an image index."
                ).format(endpoint=self._endpoint.name, operation=question.operation),
                registry=self._endpoint.name,
                operation=question.operation,
            ) from None

    def _from_tag(self, repository: str, digest: Digest, reserve: int) -> Referrers:
        try:
            tag = referrer_tag(digest)
            document = self._content.manifest(repository, tag, reserve=reserve)
            if not is_index(document.content_type):
                return Referrers((), Source.NONE)
            found = _descriptors(document.content, self._limits.manifest_bytes)
        except (NotFoundError, InvalidDocumentError):
            return Referrers((), Source.NONE)
        return Referrers(tuple(found[: self._limits.max_referrers]), Source.TAG)


def _descriptors(content: bytes, max_bytes: int) -> list[Descriptor]:
    """Read the entries of an index; those that make no sense are left out."""
    entries = load_object(content, max_bytes=max_bytes).get("manifests")
    found: list[Descriptor] = []
    for entry in entries if isinstance(entries, list) else ():
        try:
            found.append(Descriptor.from_document(entry))
        except OciError:
            continue
    return found
