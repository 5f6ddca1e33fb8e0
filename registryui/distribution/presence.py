"""Whether something is there: what has to be known before and after a change."""

from registryui.distribution.assembly import Parts
from registryui.distribution.content import LOOK_UP, Content, digest_header
from registryui.distribution.conversation import Question
from registryui.distribution.lists import require_repository
from registryui.distribution.refusals import is_own_answer
from registryui.distribution.scopes import pull_scope
from registryui.oci.digest import Digest
from registryui.oci.marking import gettext_noop


class Presence:
    """Manifests and blobs that are there or not, for one registry."""

    def __init__(self, parts: Parts, content: Content) -> None:
        self._limits = parts.limits
        self._conversation = parts.conversation
        self._content = content
        # Old Nexus and Artifactory answer 404 to every HEAD: one has to have worked first.
        self._heads_work = False

    def find_manifest(self, repository: str, reference: str) -> Digest | None:
        """Give the digest, or None when the registry itself says that there is none.

        A HEAD has no body to recognise the registry by, and a proxy in front of a registry that is
        down may answer 404 too: a GET has to confirm such an answer.
        """
        question = self._content.question(LOOK_UP, repository, reference)
        question.method = "HEAD"
        answer = self._conversation.try_to_ask(question)
        if answer.status == 200:
            self._heads_work = True
            return digest_header(answer) or self._read(repository, reference)
        if answer.status == 404 and self._heads_work and is_own_answer(answer):
            return None
        return self._read(repository, reference)

    def _read(self, repository: str, reference: str) -> Digest | None:
        question = self._content.question(LOOK_UP, repository, reference)
        answer = self._conversation.try_to_ask(question)
        if answer.status == 404 and is_own_answer(answer):
            return None
        if answer.status >= 300:
            raise self._conversation.error_for(answer, question.operation)
        return self._content.document(answer, reference, question).digest

    def has_blob(self, repository: str, digest: Digest) -> bool:
        """Ask by HEAD; where blobs are redirected to a storage host, the storage is asked."""
        require_repository(repository)
        question = Question(
            gettext_noop("look up the blob {short} of {repository}").format(
                short=digest.short, repository=repository
            ),
            f"/v2/{repository}/blobs/{digest}",
            pull_scope(repository),
            self._limits.error_bytes,
            method="HEAD",
            follows_storage=True,
        )
        answer = self._conversation.try_to_ask(question)
        if answer.status == 404:
            return False
        if answer.status >= 300:
            raise self._conversation.error_for(answer, question.operation)
        return True
