"""Syslog as RFC 5424 has it, by UDP, or by TCP in the counted frames of RFC 6587."""

import socket
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from registryui.audit.actions import Result
from registryui.audit.chain import in_utc
from registryui.audit.exporting import json_of
from registryui.audit.models import AuditEvent
from registryui.audit.receivers.errors import ReceiverError

LOG_AUDIT = 13
NOTICE, WARNING = 5, 4
PATIENCE_SECONDS = 10
CLOSE_SECONDS = 2
REFUSAL_SECONDS = 0.2
# What fits into one datagram; what does not is told without its details.
MOST_DATAGRAM_BYTES = 60_000
FORMAT = "REGISTRYUI_AUDIT_SYSLOG is udp://HOST:PORT or tcp://HOST:PORT"


@dataclass(frozen=True, slots=True)
class Syslog:
    """A syslog server. TCP tells whether it is there; neither tells whether it has stored."""

    host: str
    port: int
    is_tcp: bool

    @property
    def most_at_once(self) -> int:
        """How many are sent together; datagrams of more would overrun the receiver."""
        return 500 if self.is_tcp else 50

    @classmethod
    def parse(cls, address: str) -> "Syslog":
        """Read ``udp://HOST:PORT`` or ``tcp://HOST:PORT``; raise ValueError for anything else."""
        parts = urlsplit(address)
        if parts.scheme not in {"udp", "tcp"} or not parts.hostname or not parts.port:
            raise ValueError(f"{FORMAT}, not {address!r}.")
        return cls(parts.hostname, parts.port, parts.scheme == "tcp")

    def send(self, events: Sequence[AuditEvent]) -> None:
        """Send a message for each event."""
        try:
            if self.is_tcp:
                self._send_by_tcp(events)
            else:
                self._send_by_udp(events)
        except OSError as error:
            raise ReceiverError(
                f"The syslog server {self.host}:{self.port} does not take events: {error}."
            ) from error

    def _send_by_tcp(self, events: Sequence[AuditEvent]) -> None:
        messages = [message(event) for event in events]
        with socket.create_connection((self.host, self.port), PATIENCE_SECONDS) as connection:
            connection.sendall(b"".join(b"%d %b" % (len(each), each) for each in messages))
            connection.shutdown(socket.SHUT_WR)
            connection.settimeout(CLOSE_SECONDS)
            # A server that has read to the end closes, too; one that died resets. One that keeps
            # its side open has not refused.
            with suppress(TimeoutError):
                connection.recv(1)

    def _send_by_udp(self, events: Sequence[AuditEvent]) -> None:
        family, kind, protocol, _, address = socket.getaddrinfo(
            self.host, self.port, type=socket.SOCK_DGRAM
        )[0]
        with socket.socket(family, kind, protocol) as sender:
            sender.connect(address)
            for event in events:
                whole = message(event)
                fits = len(whole) <= MOST_DATAGRAM_BYTES
                sender.send(whole if fits else message(event, is_whole=False))
            sender.settimeout(REFUSAL_SECONDS)
            with suppress(TimeoutError):
                sender.recv(1)  # raises if the machine there says that nobody listens


def message(event: AuditEvent, *, is_whole: bool = True) -> bytes:
    """Return an event as one message: its head, and the event as JSON, which is ASCII."""
    is_good = event.result in {Result.DONE, Result.ATTEMPTED}
    priority = LOG_AUDIT * 8 + (NOTICE if is_good else WARNING)
    text = json_of(event) if is_whole else f'{{"sequence":{event.sequence},"hash":"{event.hash}"}}'
    words = (
        f"<{priority}>1",
        in_utc(event.at),
        _printable(socket.gethostname(), 255),
        "registryui",
        "-",
        _printable(event.action, 32),
        "-",
        text,
    )
    return " ".join(words).encode("ascii")


def _printable(text: str, most: int) -> str:
    """Return what a field of the head may hold: printable ASCII without spaces, or a dash."""
    return "".join(each for each in text if "!" <= each <= "~")[:most] or "-"
