"""A fake of Docker Hub's web API: one WSGI app, for tests and for a loopback server."""

import json
from collections.abc import Iterable
from urllib.parse import parse_qs
from wsgiref.types import StartResponse, WSGIEnvironment

CENTOS = (
    {
        "repo_name": "centos",
        "short_description": "DEPRECATED; The official build of CentOS.",
        "star_count": 7700,
        "pull_count": 1_120_000_000,
        "repo_owner": "",
        "is_automated": False,
        "is_official": True,
    },
    {
        "repo_name": "ansible/centos7-ansible",
        "short_description": "Ansible on Centos7",
        "star_count": 135,
        "pull_count": 98_000,
        "repo_owner": "",
        "is_automated": True,
        "is_official": False,
    },
    {
        "repo_name": "library/busybox",
        "short_description": "",
        "star_count": 0,
        "is_official": True,
    },
)


class FakeHub:
    """Answers searches with what it is told to; records what it was asked."""

    def __init__(self, results: Iterable[object] = CENTOS, *, count: int | None = None) -> None:
        self.results = list(results)
        self.count = len(self.results) if count is None else count
        self.status = "200 OK"
        self.headers: list[tuple[str, str]] = []
        self.body: bytes | None = None
        self.asked: list[dict[str, str]] = []
        self.seen: list[WSGIEnvironment] = []

    def fail(self, status: str, *headers: tuple[str, str], body: bytes = b"") -> None:
        """Answer everything so from now on."""
        self.status, self.headers, self.body = status, list(headers), body

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        query = parse_qs(environ.get("QUERY_STRING", ""))
        self.asked.append({key: values[0] for key, values in query.items()})
        self.seen.append(environ)
        body = self.body
        if body is None:
            size = int(self.asked[-1].get("page_size", "25"))
            start = (int(self.asked[-1].get("page", "1")) - 1) * size
            document = {"count": self.count, "results": self.results[start : start + size]}
            body = json.dumps(document).encode()
        framing = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        start_response(self.status, [*framing, *self.headers])
        return [body]
