"""Which ``Authorization`` a request carries, and how a refusal is answered.

Nothing is assumed about a registry: a request goes out bare until the registry has challenged one
of its kind (ping, catalog, repository), because the scheme may differ between them (Harbor: Bearer
for repositories, Basic for the catalog). Once it has, the next repository's token is fetched
before its first request, with the scope spelled as the registry spelled it. A login that the
registry refused is replaced once a request, when there is another one by then.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from registryui.distribution.challenge import Challenge, parse_challenges
from registryui.distribution.credentials.current import Credentials
from registryui.distribution.credentials.login import Login
from registryui.distribution.realm import RealmPolicy
from registryui.distribution.scopes import normalise
from registryui.distribution.token_server import TokenServer
from registryui.distribution.tokens import TokenCache, TokenKey
from registryui.distribution.wire import Answer

BASIC = TokenKey("", "basic", ())

MAX_EXCEPTIONS = 4096

# Stands for the scope of the request in a remembered challenge.
_OWN_SCOPE = ""


@dataclass(slots=True)
class Attempt:
    """One request's way through authentication; each key is tried once, so that it ends."""

    operation: str
    scope: str
    login: Login = field(default_factory=Login)
    authorization: str = ""
    key: TokenKey | None = None
    tried: set[TokenKey] = field(default_factory=set)
    is_renewed: bool = False


class Authentication:
    """The credentials of one registry at work; thread-safe."""

    def __init__(
        self, credentials: Credentials, server: TokenServer, realms: RealmPolicy, cache: TokenCache
    ) -> None:
        self._credentials = credentials
        self._server = server
        self._realms = realms
        self._cache = cache
        # Per kind of request: what the registry wanted for the last one.
        self._patterns: dict[str, TokenKey] = {}
        # Per scope: what it wanted when that differs from the pattern. Bounded.
        self._exceptions: OrderedDict[str, TokenKey] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def has_been_challenged(self) -> bool:
        """Whether it is known of any kind of request what the registry wants."""
        return bool(self._patterns or self._exceptions)

    def start(self, operation: str, scope: str) -> Attempt:
        """Begin a request, with the authorization we know it will need.

        May raise what having credentials and asking the token server raise.
        """
        attempt = Attempt(operation, scope, self._credentials.login(scope))
        if attempt.login.bearer:
            attempt.authorization = attempt.login.bearer
        elif key := self._expected(attempt):
            self._use(attempt, key)
        return attempt

    def offer(self, header_lines: list[str]) -> None:
        """Learn from a challenge on a successful ping: zot invites credentials that way."""
        challenges = parse_challenges(header_lines)
        is_basic = any(challenge.scheme == "basic" for challenge in challenges)
        if is_basic and self._credentials.login().basic:
            for kind in ("", "registry", "repository"):
                self._patterns.setdefault(kind, BASIC)

    def retry(self, attempt: Attempt, answer: Answer) -> bool:
        """Prepare the attempt's next try after a refusal; False when there is nothing left.

        May raise what having credentials and asking the token server raise.
        """
        if not attempt.login.bearer and self._has_next(attempt, answer):
            return True
        return not attempt.is_renewed and self._has_other_login(attempt, answer)

    def _has_other_login(self, attempt: Attempt, answer: Answer) -> bool:
        attempt.is_renewed = True
        login = self._credentials.renewed(attempt.login, attempt.scope)
        if login is None:
            return False
        attempt.login, attempt.authorization, attempt.key = login, login.bearer, None
        attempt.tried.clear()
        return bool(login.bearer) or self._has_next(attempt, answer)

    def _has_next(self, attempt: Attempt, answer: Answer) -> bool:
        refused = attempt.key
        if refused is not None and refused is not BASIC:
            self._cache.forget(refused, attempt.authorization)
        for key in self._candidates(attempt, answer):
            if key in attempt.tried:
                continue
            attempt.tried.add(key)
            self._use(attempt, key)
            self._learn(attempt.scope, key, is_second_choice=refused is not None)
            return True
        return False

    def _use(self, attempt: Attempt, key: TokenKey) -> None:
        attempt.key = key
        if key is BASIC:
            attempt.authorization = attempt.login.basic
        else:
            attempt.authorization = self._cache.authorization(
                key, lambda: self._server.fetch(key, attempt.operation, attempt.scope)
            )

    def _candidates(self, attempt: Attempt, answer: Answer) -> list[TokenKey]:
        challenges = parse_challenges(answer.headers.get_list("www-authenticate"))
        if not challenges:
            # Google challenges the ping and refuses the rest in silence.
            return self._remembered(attempt)
        found = [
            key
            for challenge in challenges
            if challenge.scheme == "bearer"
            if (key := self._bearer_key(challenge, attempt, answer.url))
        ]
        has_basic = any(challenge.scheme == "basic" for challenge in challenges)
        if has_basic and attempt.login.basic and attempt.key is not BASIC:
            found.append(BASIC)
        return found

    def _bearer_key(self, challenge: Challenge, attempt: Attempt, url: str) -> TokenKey | None:
        realm = self._realms.absolute(challenge.realm, url)
        if not realm:
            return None
        scopes = normalise(challenge.scope) or normalise(attempt.scope)
        if challenge.error == "insufficient_scope" and attempt.key:
            scopes = normalise(*scopes, *attempt.key.scopes)
        return TokenKey(realm, challenge.service, scopes, attempt.login.part)

    def _remembered(self, attempt: Attempt) -> list[TokenKey]:
        patterns = self._patterns
        pattern = patterns.get(_kind(attempt.scope)) or next(iter(list(patterns.values())), None)
        if pattern is None:
            return []
        if pattern is BASIC:
            return [pattern] if attempt.login.basic and attempt.key is not BASIC else []
        return [_for_attempt(pattern, attempt)]

    def _expected(self, attempt: Attempt) -> TokenKey | None:
        if key := self._exceptions.get(attempt.scope):
            return key
        pattern = self._patterns.get(_kind(attempt.scope))
        if pattern is None or pattern is BASIC:
            return pattern if attempt.login.basic else None
        if pattern.scopes == (_OWN_SCOPE,):
            return _for_attempt(pattern, attempt)
        return pattern._replace(part=attempt.login.part)

    def _learn(self, scope: str, key: TokenKey, *, is_second_choice: bool) -> None:
        name = scope.partition(":")[2].rpartition(":")[0]
        names_this_one = bool(name) and any(name in wanted for wanted in key.scopes)
        with self._lock:
            if scope and key.scopes == normalise(scope):
                self._patterns[_kind(scope)] = key._replace(scopes=(_OWN_SCOPE,))
            elif names_this_one or is_second_choice:
                self._exceptions[scope] = key
                while len(self._exceptions) > MAX_EXCEPTIONS:
                    self._exceptions.popitem(last=False)
            else:
                self._patterns[_kind(scope)] = key


def _for_attempt(pattern: TokenKey, attempt: Attempt) -> TokenKey:
    return pattern._replace(scopes=normalise(attempt.scope), part=attempt.login.part)


def _kind(scope: str) -> str:
    return scope.partition(":")[0]
