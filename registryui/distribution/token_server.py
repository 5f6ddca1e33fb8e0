"""Asking a token server for a token (distribution's token and OAuth2 specifications)."""

import re
from datetime import UTC, datetime
from urllib.parse import urlencode

from registryui.distribution.clock import Clock
from registryui.distribution.credentials.current import Credentials
from registryui.distribution.credentials.login import Login, basic_authorization
from registryui.distribution.endpoint import Endpoint
from registryui.distribution.errors import InvalidContentError, RegistryRefusedError
from registryui.distribution.limits import Limits
from registryui.distribution.origins import origin_of
from registryui.distribution.realm import RealmPolicy
from registryui.distribution.refusals import Refusals
from registryui.distribution.tokens import Token, TokenKey
from registryui.distribution.wire import Answer, Outgoing, RawHeaders, Wire
from registryui.oci.document import load_object
from registryui.oci.errors import OciError
from registryui.oci.marking import gettext_noop

CLIENT_ID = "registryui"

_ALONE = gettext_noop(
    "The login at {name} failed: {host} does not accept {what}. Check it {where}, "
    "and give the user name that goes with it."
)
_WRONG_TOKEN = gettext_noop(
    "The login at {name} failed: {host} does not accept {what}. Check it {where}."
)
_WRONG_PAIR = gettext_noop(
    "The login at {name} failed: {host} does not accept {what}. Check both {where}."
)

SHORTEST_LIFETIME_SECONDS = 60
LONGEST_LIFETIME_SECONDS = 24 * 3600

# Token servers that do not know the OAuth2 form: GCR 404, Artifactory 401, ACR 400, others 405.
_NO_OAUTH2 = frozenset({400, 401, 404, 405})

_PRINTABLE = re.compile(r"[\x21-\x7e]{1,65536}")


class TokenServer:
    """Fetches tokens for one registry's credentials."""

    def __init__(
        self,
        credentials: Credentials,
        wire: Wire,
        realms: RealmPolicy,
        *,
        endpoint: Endpoint,
        limits: Limits,
        clock: Clock,
    ) -> None:
        self._credentials = credentials
        self._name = endpoint.name
        self._wire = wire
        self._realms = realms
        self._limits = limits
        self._clock = clock
        self._refusals = Refusals(endpoint, clock, credentials)

    def fetch(self, key: TokenKey, operation: str, scope: str = "") -> Token:
        """Ask once; raise RegistryRefusedError when the credentials are not accepted.

        Once more when there are others by then. ``scope`` is that of the request behind it: its
        repository may have a login of its own. The token may grant less than was asked for: only
        the next request tells.
        """
        self._realms.check(key.realm, operation)
        login = self._credentials.login(scope)
        answer = self._ask(key, login, operation)
        if answer.status == 401:
            other = self._credentials.renewed(login, scope)
            if other is not None:
                login, answer = other, self._ask(key, other, operation)
        if answer.status >= 300:
            raise self._error(answer, key, login, operation)
        return self._token(answer, key, operation)

    def _ask(self, key: TokenKey, login: Login, operation: str) -> Answer:
        if login and not self._realms.may_see_credentials(key.realm):
            raise self._realms.unapproved(key.realm, operation)
        if login.identity_token:
            answer = self._post(key, login, operation)
            if answer.status not in _NO_OAUTH2 or not login.username:
                return answer
        answer = self._get(key, key.scopes, login, operation)
        simpler = _pull_only(key.scopes)
        if answer.status == 400 and simpler != key.scopes:
            # Quay's token server knows push, pull and * only, and fails on anything else.
            answer = self._get(key, simpler, login, operation)
        return answer

    def _get(self, key: TokenKey, scopes: tuple[str, ...], login: Login, operation: str) -> Answer:
        parameters = [("service", key.service)] if key.service else []
        parameters += [("scope", scope) for scope in scopes]
        parameters.append(("client_id", CLIENT_ID))
        headers: RawHeaders = []
        username, secret = login.username, login.password or login.identity_token
        if username and secret:
            parameters.append(("account", username))
            headers.append((b"Authorization", basic_authorization(username, secret).encode()))
        # The realm's own query is kept.
        separator = "&" if "?" in key.realm else "?"
        url = f"{key.realm}{separator}{urlencode(parameters)}"
        return self._wire.send(self._outgoing(url, operation, headers))

    def _post(self, key: TokenKey, login: Login, operation: str) -> Answer:
        form = {
            "grant_type": "refresh_token",
            "refresh_token": login.identity_token,
            "service": key.service,
            "client_id": CLIENT_ID,
            "scope": " ".join(key.scopes),
        }
        outgoing = self._outgoing(
            key.realm, operation, [(b"Content-Type", b"application/x-www-form-urlencoded")]
        )
        outgoing.method = "POST"
        outgoing.body = urlencode({name: value for name, value in form.items() if value}).encode()
        return self._wire.send(outgoing)

    def _outgoing(self, url: str, operation: str, headers: RawHeaders) -> Outgoing:
        accept = (b"Accept", b"application/json")
        return Outgoing(
            operation, url, headers=[accept, *headers], max_bytes=self._limits.token_bytes
        )

    def _error(self, answer: Answer, key: TokenKey, login: Login, operation: str) -> Exception:
        host = origin_of(key.realm).netloc
        is_alone = bool(login.identity_token) and not login.username
        if login and (answer.status == 401 or (is_alone and answer.status in _NO_OAUTH2)):
            wrong = _WRONG_TOKEN if login.identity_token else _WRONG_PAIR
            form = _ALONE if is_alone else wrong
            return RegistryRefusedError(
                form.format(name=self._name, host=host, what=login.what, where=login.where),
                registry=self._name,
                operation=operation,
                status=answer.status,
                code="LOGIN_FAILED",
            )
        return self._refusals.error_for(answer, operation, host=host)

    def _token(self, answer: Answer, key: TokenKey, operation: str) -> Token:
        try:
            document = load_object(answer.content, max_bytes=self._limits.token_bytes)
        except OciError:
            document = {}
        # Both may be there; go-containerregistry and regclient prefer access_token as well.
        for name in ("access_token", "token"):
            value = document.get(name)
            if isinstance(value, str) and _PRINTABLE.fullmatch(value):
                return Token(f"Bearer {value}", self._lifetime(document))
        raise InvalidContentError(
            gettext_noop(
                "{netloc} answered without a token. Check that the token server of {name} is set "
                "up right."
            ).format(netloc=origin_of(key.realm).netloc, name=self._name),
            registry=self._name,
            operation=operation,
            status=answer.status,
            code="NO_TOKEN",
        )

    def _lifetime(self, document: dict[str, object]) -> float:
        seconds = document.get("expires_in")
        if not isinstance(seconds, int | float) or isinstance(seconds, bool):
            seconds = SHORTEST_LIFETIME_SECONDS
        lifetime = min(max(seconds, SHORTEST_LIFETIME_SECONDS), LONGEST_LIFETIME_SECONDS)
        age = self._clock.wall() - _timestamp(document.get("issued_at"))
        # In the future, or expired already: their clock or ours is wrong, count from now.
        return lifetime - age if 0 <= age < lifetime else lifetime


def _timestamp(issued_at: object) -> float:
    """Seconds since 1970; 0, which is always "expired already", when it cannot be read."""
    try:
        moment = datetime.fromisoformat(issued_at if isinstance(issued_at, str) else "")
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return 0


def _pull_only(scopes: tuple[str, ...]) -> tuple[str, ...]:
    repositories = (scope for scope in scopes if scope.startswith("repository:"))
    return tuple(f"{scope.rpartition(':')[0]}:pull" for scope in repositories)
