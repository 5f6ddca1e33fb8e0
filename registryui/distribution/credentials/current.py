"""The logins of one client as they are now: chosen for each request, renewed when refused."""

import logging
import threading
from collections import deque

from registryui.distribution.clock import Clock
from registryui.distribution.credentials.login import Login
from registryui.distribution.credentials.sources import source_of
from registryui.distribution.endpoint import Endpoint
from registryui.distribution.errors import CredentialsError
from registryui.distribution.limits import Limits
from registryui.oci.marking import gettext_noop

logger = logging.getLogger(__name__)

MOST_SECRETS = 64
UNAVAILABLE = gettext_noop(
    "What Registry UI signs in to {registry} with cannot be had. Whoever runs it finds the "
    "cause in its log, and administrators find it in the doctor of this registry."
)


class Credentials:
    """What one client signs in with; thread-safe.

    One client has one login, unless podman's file has some for namespaces of the registry: then
    each request has that of its repository.
    """

    def __init__(
        self, endpoint: Endpoint, *, limits: Limits | None = None, clock: Clock | None = None
    ) -> None:
        self._endpoint = endpoint
        seconds = (limits or Limits()).answer_seconds
        self._source = source_of(endpoint, answer_seconds=seconds, clock=clock or Clock())
        self._lock = threading.Lock()
        self._latest = endpoint.login
        self._written = ""
        self._secrets: deque[str] = deque(maxlen=MOST_SECRETS)

    @property
    def latest(self) -> Login:
        """The login that was used last: what an error is about."""
        return self._latest

    @property
    def secrets(self) -> tuple[str, ...]:
        """Everything that must never appear in a text."""
        with self._lock:
            return (*self._endpoint.secrets, *self._secrets)

    def login(self, scope: str = "") -> Login:
        """Give the login for a request that needs this scope; may raise CredentialsError."""
        return self._noted(self._ask(scope, None))

    def renewed(self, refused: Login, scope: str = "") -> Login | None:
        """Give another login than the refused one; None when there is no other."""
        login = self._noted(self._ask(scope, refused))
        return login if login != refused else None

    def _ask(self, scope: str, refused: Login | None) -> Login:
        try:
            return self._source.login(_repository_of(scope), refused=refused)
        except CredentialsError as error:
            raise self._told(error) from None

    def _told(self, error: CredentialsError) -> CredentialsError:
        """Write down why there is no login, and return an error that everybody may read."""
        name, details = self._endpoint.name, str(error)
        if details != self._written:
            self._written = details
            logger.warning("There is no login for %s: %s", name, details)
        public = CredentialsError(UNAVAILABLE.format(registry=name), registry=name)
        public.details = details
        return public

    def _noted(self, login: Login) -> Login:
        if login != self._latest:
            with self._lock:
                self._latest = login
                self._secrets.extend(s for s in login.secrets if s not in self._secrets)
        return login


def _repository_of(scope: str) -> str:
    """Give the repository of ``repository:NAME:ACTIONS``, whose name may hold a port's colon."""
    kind, _, rest = scope.partition(":")
    return rest.rpartition(":")[0] if kind == "repository" else ""
