"""Whether a registry deletes, found out without deleting anything: by names that nobody has."""

import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from registryui.distribution.assembly import Parts
from registryui.distribution.conversation import Question
from registryui.distribution.deleting import Deletions, Outcome
from registryui.distribution.errors import (
    ConflictError,
    NotFoundError,
    OutcomeUnknownError,
    RegistryError,
    RegistryRefusedError,
    UnsupportedError,
)
from registryui.distribution.refusals import complaint_of
from registryui.distribution.rejections import CHANGING_METHODS, allowed_methods
from registryui.distribution.scopes import pull_scope
from registryui.distribution.support import Support
from registryui.oci.marking import gettext_noop


@dataclass(frozen=True, slots=True)
class DeletionSupport:
    """What a registry does with deletions; ``why`` is a sentence or two for people.

    ``needs_login`` says that it refused our login, or that there was none.
    """

    by_digest: Support
    by_tag: Support
    is_read_only: bool
    needs_login: bool
    why: str


@dataclass(frozen=True, slots=True)
class _Finding:
    """What one deletion of nothing showed; ``error`` is what stood in its way."""

    support: Support
    error: RegistryError | None = None


class DeletionProbe:
    """Tests one repository of one registry.

    A deletion is a deletion in the registry's audit log, so this is done when somebody asks for it.
    Never with a real tag: distribution 3.0.0 deletes tags although deletion is switched off.
    """

    def __init__(self, parts: Parts, deletions: Deletions) -> None:
        self._parts = parts
        self._deletions = deletions

    def run(self, repository: str) -> DeletionSupport:
        """Try a random digest and a random tag; raises when the registry cannot be asked."""
        tag = f"zz-probe-{secrets.token_hex(8)}"
        by_digest = self._try(repository, f"sha256:{secrets.token_hex(32)}")
        by_tag = self._try(repository, tag)
        findings = (by_digest, by_tag)
        return DeletionSupport(
            by_digest.support,
            by_tag.support,
            is_read_only=self._is_read_only(repository, tag, findings),
            needs_login=any(isinstance(each.error, RegistryRefusedError) for each in findings),
            why=_words(by_digest, by_tag),
        )

    def _try(self, repository: str, reference: str) -> _Finding:
        operation = gettext_noop("test deletion in {repository}").format(repository=repository)
        command = self._deletions.command(repository, reference, operation)
        try:
            answer = self._deletions.send(command)
            outcome = self._deletions.outcome(command, answer)
        except UnsupportedError as error:
            return _Finding(Support.NO if error.why else Support.UNKNOWN, error)
        except (ConflictError, NotFoundError, OutcomeUnknownError, RegistryRefusedError) as error:
            return _Finding(Support.UNKNOWN, error)
        is_certain = outcome is Outcome.ALREADY_GONE and complaint_of(answer).code != "NAME_UNKNOWN"
        return _Finding(Support.YES if is_certain else Support.UNKNOWN)

    def _is_read_only(self, repository: str, tag: str, findings: tuple[_Finding, ...]) -> bool:
        if any(_why(finding) == "read-only" for finding in findings):
            return True
        if any(finding.support is not Support.NO for finding in findings):
            return False
        allowed = self._allowed(repository, tag)
        return bool(allowed) and not allowed & CHANGING_METHODS

    def _allowed(self, repository: str, tag: str) -> frozenset[str]:
        question = Question(
            gettext_noop("test deletion in {repository}").format(repository=repository),
            f"/v2/{repository}/manifests/{tag}",
            pull_scope(repository),
            self._parts.limits.error_bytes,
            method="OPTIONS",
        )
        with suppress(RegistryError):
            return allowed_methods(self._parts.conversation.ask(question))
        return frozenset()


def _why(finding: _Finding) -> str:
    return finding.error.why if isinstance(finding.error, UnsupportedError) else ""


def _words(by_digest: _Finding, by_tag: _Finding) -> str:
    if sentence := _SENTENCES.get((by_digest.support, by_tag.support)):
        return sentence
    return next(_obstacles(by_digest, by_tag), _NO_WORDS)


def _obstacles(*findings: _Finding) -> Iterator[str]:
    return (finding.error.for_people for finding in findings if finding.error)


_SENTENCES = {
    (Support.YES, Support.YES): gettext_noop("It deletes by digest and by tag."),
    (Support.YES, Support.NO): (
        gettext_noop("It deletes by digest only: every tag that points to a digest goes with it.")
    ),
    (Support.NO, Support.YES): (
        gettext_noop(
            "It deletes tags but no digests: deletion is switched off there, and distribution 3.0 "
            "heeds that for digests only."
        )
    ),
}
_NO_WORDS = gettext_noop(
    "It did not say whether it deletes: what has never been there should be called unknown. "
    "Check that the repository exists."
)
