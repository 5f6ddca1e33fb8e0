"""Who may come in: Basic and Bearer challenges, and the token server that goes with them."""

import base64
from collections.abc import Callable, Mapping
from urllib.parse import parse_qs

from registryui.sample.exchange import Answer, Call, RefusalError
from registryui.sample.switches import Switches
from registryui.sample.tokens import Grant, Tokens, parse_scopes, write_scopes

ACTIONS = {"GET": ("pull",), "HEAD": ("pull",), "OPTIONS": ("pull",), "DELETE": ("delete",)}


def wanted_grants(call: Call, parts: Mapping[str, str]) -> frozenset[Grant]:
    """Say what a request needs, in distribution's words; the ping needs just a valid token."""
    if "name" not in parts:
        is_catalog = call.path == "_catalog"
        return frozenset({Grant("registry", "catalog", "*")} if is_catalog else ())
    actions = ACTIONS.get(call.method, ("pull", "push"))
    grants = {Grant("repository", parts["name"], action) for action in actions}
    if source := call.parameter("from"):
        grants.add(Grant("repository", source, "pull"))
    return frozenset(grants)


class Doorkeeper:
    """Checks each request as the switches say, and issues the tokens it will accept."""

    def __init__(self, switches: Switches, clock: Callable[[], float]) -> None:
        self._switches = switches
        self._tokens = Tokens(clock)

    def refusal(self, call: Call, wanted: frozenset[Grant]) -> Answer | None:
        """Find the 401 or 403 a request deserves; `None` when it may pass."""
        if self._switches.auth == "basic":
            return self._basic_refusal(call, wanted)
        if self._switches.auth == "bearer":
            return self._bearer_refusal(call, wanted)
        if any(self._is_denied(grant) for grant in wanted):
            return _denial()
        return None

    def token(self, call: Call) -> Answer:
        """Answer the token server's request, in the GET form or the OAuth2 POST form."""
        if call.method == "POST" and not self._switches.has_token_post:
            return Answer.text("404 page not found\n", status=404)
        form = parse_qs(call.body().decode() if call.method == "POST" else call.query_string)
        is_known = self._knows(form, call)
        is_anonymous = call.method == "GET" and "authorization" not in call.headers
        if not is_known and not (is_anonymous and self._switches.anonymous_pull):
            refusal = RefusalError("UNAUTHORIZED", "incorrect username or password")
            return refusal.answer(("WWW-Authenticate", f'Basic realm="{self._switches.service}"'))
        grants = self._granted(parse_scopes(form.get("scope", ())), pulls_only=not is_known)
        token = self._tokens.issue(grants, seconds=self._switches.token_seconds)
        document: dict[str, object] = {"access_token": token, "scope": write_scopes(grants)}
        if call.method == "GET":
            document["token"] = token
        return Answer.json({**document, "expires_in": self._switches.token_seconds})

    def _knows(self, form: Mapping[str, list[str]], call: Call) -> bool:
        """Whether the credentials are right: the header's, or in the POST form the body's."""
        if call.method != "POST":
            return self._is_password(call)
        if form.get("grant_type") == ["refresh_token"]:
            identity = self._switches.identity_token
            return bool(identity) and form.get("refresh_token") == [identity]
        pair = (form.get("username"), form.get("password"))
        return pair == ([self._switches.username], [self._switches.password])

    def _granted(self, asked: frozenset[Grant], *, pulls_only: bool) -> frozenset[Grant]:
        return frozenset(
            grant
            for grant in asked
            if not self._is_denied(grant) and (not pulls_only or grant.action == "pull")
        )

    def _basic_refusal(self, call: Call, wanted: frozenset[Grant]) -> Answer | None:
        if not self._is_password(call):
            realm = self._switches.realm or self._switches.service
            return self._challenge(f'Basic realm="{realm}"')
        if any(self._is_denied(grant) for grant in wanted):
            return _denial()
        return None

    def _bearer_refusal(self, call: Call, wanted: frozenset[Grant]) -> Answer | None:
        scheme, _, token = call.headers.get("authorization", "").partition(" ")
        grants = self._tokens.grants(token) if scheme.lower() == "bearer" else None
        if grants is not None and wanted <= grants:
            return None
        realm = self._switches.realm or f"{call.origin}/token"
        challenge = f'Bearer realm="{realm}",service="{self._switches.service}"'
        if wanted:
            challenge += f',scope="{write_scopes(wanted)}"'
        if token and scheme.lower() == "bearer":
            error = "invalid_token" if grants is None else "insufficient_scope"
            challenge += f',error="{error}"'
        return self._challenge(challenge)

    def _is_denied(self, grant: Grant) -> bool:
        switches = self._switches
        return grant.name in switches.denied or grant.action in switches.denied_actions

    def _challenge(self, challenge: str) -> Answer:
        challenges = self._switches.challenges or [challenge]
        headers = [("WWW-Authenticate", words) for words in challenges]
        return RefusalError("UNAUTHORIZED", "authentication required").answer(*headers)

    def _is_password(self, call: Call) -> bool:
        scheme, _, encoded = call.headers.get("authorization", "").partition(" ")
        pair = f"{self._switches.username}:{self._switches.password}"
        right = base64.b64encode(pair.encode()).decode()
        return scheme.lower() == "basic" and encoded.strip() == right


def _denial() -> Answer:
    return RefusalError("DENIED", "requested access to the resource is denied").answer()
