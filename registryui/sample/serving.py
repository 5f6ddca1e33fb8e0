"""A small threaded HTTP/1.1 server for WSGI apps: it keeps connections open and undoes chunks.

The standard library's wsgiref closes after every request, and skopeo pushes in chunks.
"""

import io
import socketserver
import ssl
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, BinaryIO, cast
from urllib.parse import unquote_to_bytes
from wsgiref.types import WSGIApplication, WSGIEnvironment

Headers = list[tuple[str, str]]
READ_BYTES = 1 << 16


class RequestBody(io.RawIOBase):
    """The body of one request as a file that ends where the body ends (RFC 9112 6 and 7.1)."""

    def __init__(self, stream: io.BufferedIOBase, headers: Message) -> None:
        self._stream = stream
        self._is_chunked = headers.get("Transfer-Encoding", "").lower() == "chunked"
        self._left = 0 if self._is_chunked else int(headers.get("Content-Length") or 0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._is_chunked and self._left == 0:
            self._begin_chunk()
        taken = self._stream.read(min(len(buffer), self._left))
        self._left -= len(taken)
        buffer[: len(taken)] = taken
        if self._is_chunked and self._left == 0:
            self._stream.readline()  # the line end behind a chunk
        return len(taken)

    def _begin_chunk(self) -> None:
        self._left = int(self._stream.readline().partition(b";")[0] or b"0", 16)
        self._is_chunked = self._left > 0
        while not self._is_chunked and self._stream.readline().strip():
            pass  # trailers, up to the empty line that ends the body


class RegistryServer(ThreadingHTTPServer):
    """Serves one app; its threads never keep the process alive."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], app: WSGIApplication) -> None:
        super().__init__(address, AppHandler)
        self.app = app
        self.scheme = "http"

    def server_bind(self) -> None:
        """Bind without http.server's look-up of the host's own name, which may take seconds."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]

    def use_tls(self, context: ssl.SSLContext) -> None:
        # The handshake belongs to the connection's thread: one silent client must not stop all.
        self.socket = context.wrap_socket(
            self.socket, server_side=True, do_handshake_on_connect=False
        )
        self.scheme = "https"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.server_address[0]!s}:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that leave early or fail the handshake."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class AppHandler(BaseHTTPRequestHandler):
    """One connection: request after request to the app."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else an answer in two writes waits for a delayed ACK
    timeout = 60
    wbufsize = READ_BYTES
    server_version = "sample-registry"
    sys_version = ""

    def answer_by_app(self) -> None:
        server = cast("RegistryServer", self.server)
        body = io.BufferedReader(RequestBody(self.rfile, self.headers))
        started: list[tuple[str, Headers]] = []

        def start_response(status: str, headers: Headers, exc_info: object = None) -> Any:
            started.append((status, headers))

        chunks = server.app(self._environ(server, body), start_response)
        self._send(*started[0], chunks)
        while body.read(READ_BYTES):
            pass  # what the app left would be taken for the next request

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer_by_app  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:
        """Stay quiet: the app records its requests."""

    def _send(self, status: str, headers: Headers, chunks: Iterable[bytes]) -> None:
        code, _, phrase = status.partition(" ")
        self.send_response(int(code), phrase)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        sent = 0
        for chunk in chunks:
            self.wfile.write(chunk)
            sent += len(chunk)
        promised = int(dict(headers).get("Content-Length", 0))
        if self.command != "HEAD" and sent < promised:
            self.close_connection = True

    def _environ(self, server: RegistryServer, body: BinaryIO) -> WSGIEnvironment:
        path, _, query = self.path.partition("?")
        environ: WSGIEnvironment = {
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": str(server.server_address[0]),
            "SERVER_PORT": str(server.server_port),
            "SERVER_PROTOCOL": self.request_version,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": self.headers.get("Content-Length", ""),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": server.scheme,
            "wsgi.input": body,
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name in set(self.headers) - {"Content-Type", "Content-Length"}:
            key = "HTTP_" + name.upper().replace("-", "_")
            environ[key] = ", ".join(self.headers.get_all(name, ()))
        return environ


@contextmanager
def serve(
    app: WSGIApplication,
    port: int = 0,
    *,
    host: str = "127.0.0.1",
    tls: ssl.SSLContext | None = None,
) -> Iterator[str]:
    """Serve an app in a thread while the block runs; the value is its base URL. 0 = a free port."""
    server = RegistryServer((host, port), app)
    if tls is not None:
        server.use_tls(tls)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server.url
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
