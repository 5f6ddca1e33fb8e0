"""A token server as docker-registry 2.8.2's ``auth.token`` wants one (distribution's token.md).

It signs with RS256 and sends its certificate along (``x5c``): a token for whoever knows the
password, and for nobody else.
"""

import base64
import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs
from wsgiref.types import StartResponse, WSGIEnvironment

import trustme
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509 import load_pem_x509_certificate

ISSUER = "token server of the tests"
SERVICE = "registry of the tests"


@dataclass
class TokenServer:
    """A WSGI app; ``granted`` lists the scopes of the tokens it was asked for and gave out.

    The actions in ``withheld`` are left out of every token.
    """

    username: str
    password: str
    authority: trustme.CA = field(default_factory=lambda: trustme.CA(key_type=trustme.KeyType.RSA))
    granted: list[str] = field(default_factory=list)
    withheld: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        issued = self.authority.issue_cert("token.example", key_type=trustme.KeyType.RSA)
        key = load_pem_private_key(issued.private_key_pem.bytes(), password=None)
        assert isinstance(key, RSAPrivateKey)
        self._key = key
        certificate = load_pem_x509_certificate(issued.cert_chain_pems[0].bytes())
        self._certificate = base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()

    def configuration(self, realm: str, directory: Path) -> dict[str, object]:
        """Return the registry's ``auth`` section."""
        bundle = directory / "tokens.pem"
        self.authority.cert_pem.write_to_path(bundle)
        return {
            "token": {
                "realm": realm,
                "service": SERVICE,
                "issuer": ISSUER,
                "rootcertbundle": str(bundle),
            }
        }

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request for a token (GET)."""
        secret = base64.b64encode(f"{self.username}:{self.password}".encode()).decode()
        query = parse_qs(environ["QUERY_STRING"])
        is_known = environ.get("HTTP_AUTHORIZATION") == f"Basic {secret}"
        if is_known and query.get("service") == [SERVICE]:
            scopes = [scope for each in query.get("scope", []) for scope in each.split()]
            self.granted.extend(scopes)
            body, status = {"token": self._token(scopes), "expires_in": 300}, "200 OK"
        else:
            body, status = {"details": "incorrect username or password"}, "401 Unauthorized"
        content = json.dumps(body).encode()
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(content)))]
        start_response(status, headers)
        return [content]

    def _token(self, scopes: list[str]) -> str:
        now = int(time.time())
        header = {"typ": "JWT", "alg": "RS256", "x5c": [self._certificate]}
        claims = {
            "iss": ISSUER,
            "sub": self.username,
            "aud": SERVICE,
            "exp": now + 300,
            "nbf": now - 10,
            "iat": now,
            "jti": "0",
            "access": [_access(scope, self.withheld) for scope in scopes],
        }
        signed = f"{_encoded(header)}.{_encoded(claims)}"
        signature = self._key.sign(signed.encode(), PKCS1v15(), SHA256())
        return f"{signed}.{_base64url(signature)}"


def _access(scope: str, withheld: frozenset[str]) -> dict[str, object]:
    kind, name, actions = scope.split(":")
    granted = [action for action in actions.split(",") if action not in withheld]
    return {"type": kind, "name": name, "actions": granted}


def _encoded(document: Mapping[str, object]) -> str:
    return _base64url(json.dumps(document).encode())


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
