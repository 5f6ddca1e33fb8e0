"""One request and its answer, as the sample registry's handlers see them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import BinaryIO
from urllib.parse import parse_qs
from wsgiref.types import WSGIEnvironment

from registryui.sample.content import Content

JSON = "application/json; charset=utf-8"
CHUNK_BYTES = 1 << 20

# The statuses distribution gives to the specification's error codes.
STATUS_OF_CODE = {
    "BLOB_UNKNOWN": 404,
    "BLOB_UPLOAD_INVALID": 416,
    "BLOB_UPLOAD_UNKNOWN": 404,
    "DENIED": 403,
    "MANIFEST_UNKNOWN": 404,
    "NAME_UNKNOWN": 404,
    "RANGE_INVALID": 416,
    "TAG_IMMUTABLE": 409,
    "TOOMANYREQUESTS": 429,
    "UNAUTHORIZED": 401,
    "UNAVAILABLE": 503,
    "UNKNOWN": 500,
    "UNSUPPORTED": 405,
}


@dataclass(frozen=True, slots=True)
class Call:
    """A request: its path begins after the registry's prefix, its header names are lower-case."""

    method: str
    path: str
    query_string: str
    headers: Mapping[str, str]
    origin: str
    stream: BinaryIO

    @classmethod
    def from_environ(cls, environ: WSGIEnvironment) -> "Call":
        host = environ.get("HTTP_HOST") or f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}"
        return cls(
            method=environ["REQUEST_METHOD"],
            path=environ.get("PATH_INFO", "").encode("latin-1").decode("utf-8", "replace"),
            query_string=environ.get("QUERY_STRING", ""),
            headers=dict(_headers(environ)),
            origin=f"{environ['wsgi.url_scheme']}://{host}",
            stream=environ["wsgi.input"],
        )

    @property
    def location(self) -> str:
        """The path with its query, as the switches match it."""
        return f"{self.path}?{self.query_string}" if self.query_string else self.path

    def parameter(self, name: str) -> str | None:
        """Read the first value of a query parameter; `None` when it is absent."""
        return next(iter(self.parameters(name)), None)

    def parameters(self, name: str) -> list[str]:
        return parse_qs(self.query_string, keep_blank_values=True).get(name, [])

    def body(self) -> bytes:
        """Read the body: by its length, or to the end where a server has undone the chunks."""
        if "transfer-encoding" in self.headers:
            return self.stream.read()
        return self.stream.read(int(self.headers.get("content-length") or 0))


def _headers(environ: WSGIEnvironment) -> Iterator[tuple[str, str]]:
    for key, value in environ.items():
        if key.startswith("HTTP_"):
            yield key.removeprefix("HTTP_").replace("_", "-").lower(), value
        elif key in {"CONTENT_TYPE", "CONTENT_LENGTH"} and value:
            yield key.replace("_", "-").lower(), value


@dataclass(slots=True)
class Answer:
    """A status, headers in order and a body that is only produced while it is sent."""

    status: int
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: Content = field(default_factory=lambda: Content.of(b""))

    @classmethod
    def json(cls, document: object, *headers: tuple[str, str], status: int = 200) -> "Answer":
        body = json.dumps(document, separators=(",", ":")).encode() + b"\n"
        return cls(status, [("Content-Type", JSON), *headers], Content.of(body))

    @classmethod
    def text(cls, words: str, *headers: tuple[str, str], status: int) -> "Answer":
        """Answer as Go's net/http or a proxy does: no JSON, no error code."""
        kind = "text/html" if words.startswith("<") else "text/plain; charset=utf-8"
        return cls(status, [("Content-Type", kind), *headers], Content.of(words.encode()))

    @property
    def status_line(self) -> str:
        return f"{self.status} {HTTPStatus(self.status).phrase}"

    def framed(self) -> list[tuple[str, str]]:
        """Add the body's length, which 204 and 304 must not have (RFC 9110 8.6)."""
        if self.status in {204, 304}:
            return self.headers
        return [*self.headers, ("Content-Length", str(self.body.size_bytes))]


class RefusalError(Exception):
    """What a handler raises to answer with an error of the specification."""

    def __init__(
        self, code: str, message: str, *, detail: object = None, status: int | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.detail = detail
        self.status = status or STATUS_OF_CODE.get(code, 400)

    def answer(self, *headers: tuple[str, str]) -> Answer:
        error = {"code": self.code, "message": str(self), "detail": self.detail}
        return Answer.json({"errors": [error]}, *headers, status=self.status)
