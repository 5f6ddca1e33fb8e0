"""Looks at one registry step by step, for a person who wants to know which step fails."""

import socket
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from registryui.distribution.addresses import Reach, reach_of, resolve
from registryui.distribution.certificates import Certificate, certificate_of
from registryui.distribution.challenge import Challenge, parse_challenges
from registryui.distribution.client import PING_OPERATION, RegistryClient
from registryui.distribution.conversation import Question
from registryui.distribution.errors import RegistryError, RegistryUnreachableError
from registryui.distribution.faults import unreachable
from registryui.distribution.refusals import is_page
from registryui.distribution.scopes import pull_scope
from registryui.distribution.wire import Answer
from registryui.distribution.wording import printable
from registryui.oci.digest import Digest
from registryui.oci.marking import gettext_noop

MOST_ADDRESSES = 10


@dataclass(frozen=True, slots=True)
class Greeting:
    """How a registry answers a stranger's ``GET /v2/``."""

    status: int
    challenges: tuple[Challenge, ...]
    server: str
    is_page: bool
    date: datetime | None

    @property
    def is_registry(self) -> bool:
        """Whether a registry answers that way: 200 or 401, and not with a page to look at."""
        return self.status in (200, 401) and (not self.is_page or bool(self.challenges))


class Examination:
    """The steps of one examination, on the client that everybody shares, so at its pace.

    Three connections that are opened and closed without a request come on top. Each step raises a
    RegistryError that says why it fails. Nothing is changed by any of them.
    """

    def __init__(self, client: RegistryClient) -> None:
        self._client = client
        self._endpoint = client.endpoint
        self._seconds = client.limits.connect_seconds

    @property
    def is_tls(self) -> bool:
        """Whether it is asked by HTTPS."""
        return self._endpoint.origin.scheme == "https"

    @property
    def host(self) -> str:
        """The host that is asked, without a port; Docker Hub's is not the one that it shows."""
        return self._endpoint.origin.host.strip("[]")

    @property
    def port(self) -> int:
        """The port that is asked."""
        return self._endpoint.origin.port

    def addresses(self) -> tuple[str, ...]:
        """Ask the system for the host's addresses."""
        try:
            return resolve(self.host, self.port)[:MOST_ADDRESSES]
        except (OSError, UnicodeError) as error:
            raise self._unreachable(error, gettext_noop("look up its address")) from error

    def is_on_this_machine(self) -> bool:
        """Say whether nothing that it is asked leaves this machine."""
        return all(reach_of(address) is Reach.LOOPBACK for address in self.addresses())

    def connect(self) -> None:
        """Open a connection and close it again."""
        try:
            socket.create_connection((self.host, self.port), self._seconds).close()
        except OSError as error:
            raise self._unreachable(error, "connect") from error

    def certificate(self) -> Certificate:
        """Fetch its certificate, believed or not."""
        return certificate_of(self._endpoint, seconds=self._seconds)

    def greeting(self) -> Greeting:
        """Ask ``/v2/`` without any login."""
        question = Question(PING_OPERATION, "/v2/", "", self._client.limits.error_bytes)
        question.is_anonymous = True
        answer = self._client.parts.conversation.try_to_ask(question)
        error = self._client.parts.conversation.error_for(answer, PING_OPERATION)
        if isinstance(error, RegistryUnreachableError) and error.cause == "needs-https":
            raise error
        return Greeting(
            status=answer.status,
            challenges=parse_challenges(answer.headers.get_list("www-authenticate")),
            server=printable(answer.header("server"), 100),
            is_page=is_page(answer) or "html" in answer.media_type,
            date=_date(answer),
        )

    def gives_ranges(self, repository: str, digest: Digest) -> bool:
        """Ask for the first byte of a blob alone; say whether that is what came."""
        name = self._client.name_of(repository)
        question = Question(
            gettext_noop("read a part of a blob of {name}").format(name=name),
            f"/v2/{name}/blobs/{digest}",
            pull_scope(name),
            self._client.limits.config_bytes,
            headers=[(b"Range", b"bytes=0-0")],
            follows_storage=True,
        )
        return self._client.parts.conversation.ask(question).status == 206

    def _unreachable(self, error: Exception, operation: str) -> RegistryError:
        return unreachable(
            error,
            host=self._endpoint.origin.netloc,
            registry=self._endpoint.name,
            operation=operation,
        )


def _date(answer: Answer) -> datetime | None:
    try:
        moment = parsedate_to_datetime(answer.header("date"))
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None
