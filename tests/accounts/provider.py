"""An OpenID Connect provider in one WSGI app: it vouches for whom the test says."""

import base64
import hashlib
import json
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode
from wsgiref.types import StartResponse, WSGIEnvironment

import jwt

CLIENT, SECRET = "registryui", "open-sesame"


@dataclass
class Provider:
    """What it says, and what it was asked; ``is_broken`` makes it answer nonsense."""

    url: str = ""
    claims: dict[str, Any] = field(default_factory=lambda: {"sub": "1"})
    audience: str = CLIENT
    is_broken: bool = False
    challenges: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer as a provider does."""
        path = environ["PATH_INFO"]
        self.asked.append(path)
        length = int(environ.get("CONTENT_LENGTH") or 0)
        sent = {k: v[0] for k, v in parse_qs(environ["wsgi.input"].read(length).decode()).items()}
        if self.is_broken:
            start("500 Broken", [("Content-Type", "text/html"), ("Content-Length", "6")])
            return [b"broken"]
        answers = {
            "/.well-known/openid-configuration": self._configuration,
            "/token": lambda: self._token(sent),
            "/userinfo": lambda: self.claims,
        }
        body = json.dumps(answers[path]()).encode()
        start("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    def approve(self, authorize_url: str) -> str:
        """Do what a browser does there once somebody signed in; return where it leads back to."""
        address, _, query = authorize_url.partition("?")
        asked = {name: values[0] for name, values in parse_qs(query).items()}
        assert address == f"{self.url}/authorize"
        assert (asked["client_id"], asked["code_challenge_method"]) == (CLIENT, "S256")
        self.challenges["code"] = asked["code_challenge"]
        answer = urlencode({"code": "code", "state": asked["state"]})
        return f"{asked['redirect_uri']}?{answer}"

    def _configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def _token(self, sent: dict[str, str]) -> dict[str, Any]:
        digest = hashlib.sha256(sent["code_verifier"].encode()).digest()
        proven = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if proven != self.challenges[sent["code"]] or sent["client_secret"] != SECRET:
            return {"error": "invalid_grant"}
        now = int(time.time())
        said = {"iss": self.url, "aud": self.audience, "iat": now, "exp": now + 60, **self.claims}
        return {
            "access_token": "access",
            "token_type": "Bearer",
            "id_token": jwt.encode(said, "k" * 32, algorithm="HS256"),
        }
