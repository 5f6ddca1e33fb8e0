"""Receivers on the loopback: a syslog server by UDP and by TCP, and a webhook."""

import json
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Heard:
    """What a receiver was told, and how a webhook answers."""

    address: str = ""
    messages: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    status: int = 204
    loses_answers: int = 0

    @property
    def sequences(self) -> list[int]:
        """The events of all messages or batches."""
        found = []
        for message in self.messages:
            document = json.loads(message[message.index(b"{") :])
            found += [each["sequence"] for each in document.get("events", [document])]
        return found


@contextmanager
def _served(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, args=[0.02], daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def udp_server() -> Iterator[Heard]:
    """Hear datagrams."""
    heard = Heard()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            heard.messages.append(self.request[0])

    class Server(socketserver.UDPServer):
        max_packet_size = 65_536

    server = Server(("127.0.0.1", 0), Handler)
    heard.address = f"udp://127.0.0.1:{server.server_address[1]}"
    with _served(server):
        yield heard


@contextmanager
def tcp_server() -> Iterator[Heard]:
    """Hear messages in counted frames."""
    heard = Heard()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            while size := self._number():
                heard.messages.append(self.rfile.read(size))

        def _number(self) -> int:
            digits = b""
            while (byte := self.rfile.read(1)) not in {b"", b" "}:
                digits += byte
            return int(digits or b"0")

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
    heard.address = f"tcp://127.0.0.1:{server.server_address[1]}"
    with _served(server):
        yield heard


@contextmanager
def webhook() -> Iterator[Heard]:
    """Hear batches; take them only while ``status`` is 2xx."""
    heard = Heard()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if heard.status < 300:
                heard.messages.append(body)
                heard.headers.append(dict(self.headers))
            if heard.loses_answers:
                heard.loses_answers -= 1
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self.send_response(heard.status)
            self.end_headers()

        def log_message(self, *arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    heard.address = f"http://127.0.0.1:{server.server_address[1]}/hook"
    with _served(server):
        yield heard
