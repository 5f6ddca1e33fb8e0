"""A time limit for a whole answer, its head included, however the server spreads its bytes.

A timeout alone limits the wait for the next bytes. A server that sends one now and then, or one
"103 Early Hints" after the other, would keep a thread for ever.
"""

import math
import ssl
from collections.abc import Iterable
from time import monotonic
from typing import Any

import httpcore


class TimedNetwork(httpcore.NetworkBackend):
    """The network of one connection; what it reads from is read until ``deadline`` only."""

    def __init__(self, network: httpcore.NetworkBackend) -> None:
        self._network = network
        self.deadline = math.inf

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect as the network does."""
        stream = self._network.connect_tcp(host, port, timeout, local_address, socket_options)
        return _TimedStream(stream, self)


class _TimedStream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, network: TimedNetwork) -> None:
        self._stream = stream
        self._network = network

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        left = self._network.deadline - monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the answer took too long")
        return self._stream.read(max_bytes, left if timeout is None else min(timeout, left))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, timeout)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, timeout)
        return _TimedStream(stream, self._network)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class TimedConnection(httpcore.HTTPConnection):
    """A connection on which each answer has to be there ``answer_seconds`` after its request."""

    def __init__(
        self,
        origin: httpcore.Origin,
        *,
        ssl_context: ssl.SSLContext | None,
        network: httpcore.NetworkBackend,
        idle_seconds: float,
        answer_seconds: float,
    ) -> None:
        self._timed = TimedNetwork(network)
        self._answer_seconds = answer_seconds
        super().__init__(
            origin,
            ssl_context=ssl_context,
            keepalive_expiry=idle_seconds,
            network_backend=self._timed,
        )

    def handle_request(self, request: httpcore.Request) -> httpcore.Response:
        """Send the request; its time begins now."""
        self._timed.deadline = monotonic() + self._answer_seconds
        return super().handle_request(request)
