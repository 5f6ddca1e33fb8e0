"""Deleting one manifest or one tag: the request, and what its answer means."""

from enum import Enum

from registryui.distribution.assembly import Parts
from registryui.distribution.commands import Command, Commands
from registryui.distribution.content import is_digest
from registryui.distribution.lists import require_repository
from registryui.distribution.refusals import is_own_answer, is_page
from registryui.distribution.rejections import Rejections, Target
from registryui.distribution.scopes import delete_scope
from registryui.distribution.wire import Answer
from registryui.oci.marking import gettext_noop
from registryui.oci.reference import InvalidReferenceError, is_tag

DONE_STATUSES = frozenset({200, 202, 204})


class Outcome(Enum):
    """What the registry says became of a deletion; whoever has to be sure looks again."""

    DONE = "DONE"
    ALREADY_GONE = "ALREADY_GONE"


class Deletions:
    """Deletes in one registry, each time once."""

    def __init__(self, parts: Parts) -> None:
        self._commands = Commands(parts)
        self._rejections = Rejections(parts.endpoint, parts.credentials)

    def command(self, repository: str, reference: str, operation: str) -> Command:
        """Make the request; raises InvalidReferenceError for what is no name."""
        require_repository(repository)
        if not is_tag(reference) and not is_digest(reference):
            raise InvalidReferenceError(gettext_noop("This is neither a tag nor a digest."))
        url = self._commands.url_of(f"/v2/{repository}/manifests/{reference}")
        return Command(operation, "DELETE", url, delete_scope(repository))

    def delete(self, repository: str, reference: str) -> Outcome:
        """Delete, and say whether there was anything to delete."""
        separator = ":" if is_tag(reference) else "@"
        operation = gettext_noop("delete {repository}{separator}{reference}").format(
            repository=repository, separator=separator, reference=reference
        )
        command = self.command(repository, reference, operation)
        return self.outcome(command, self.send(command))

    def send(self, command: Command) -> Answer:
        """Send the request of ``command`` once."""
        return self._commands.send(command)

    def outcome(self, command: Command, answer: Answer) -> Outcome:
        """Understand the answer, or raise the error that it means.

        A 404 counts only when it is the registry's own: a proxy that has lost the registry
        answers that, too.
        """
        if answer.status in DONE_STATUSES and not is_page(answer):
            return Outcome.DONE
        if answer.status in (404, 410) and is_own_answer(answer):
            return Outcome.ALREADY_GONE
        target = Target.DIGEST if ":" in command.url.rpartition("/")[2] else Target.TAG
        error = self._rejections.error_for(answer, command.operation, target)
        raise self._commands.unknown(command, error) if answer.status < 300 else error
