"""An httpx transport made for a crawl: many threads, few hosts, thousands of small answers.

httpx's own transport walks all pooled connections under one lock for every request. Here each
origin has a stack of idle connections: a thread takes the one used last and puts it back.
"""

import ssl
from collections import deque
from collections.abc import Callable, Iterator

import httpcore
import httpx

from registryui.distribution.deadline import TimedConnection

ContextFor = Callable[[str, int], ssl.SSLContext]
Idle = deque[TimedConnection]

MAX_ORIGINS = 16
IDEMPOTENT = ("GET", "HEAD")


class StackTransport(httpx.BaseTransport):
    """Keeps connections per origin; as many as there are threads that use it at one time.

    Thread-safe: a deque's append and pop are atomic, and a connection belongs to one thread while
    it is in use. The body must be read or closed before the connection is used again, which
    httpx's response does.
    """

    def __init__(
        self,
        *,
        context_for: ContextFor,
        network: httpcore.NetworkBackend,
        idle_seconds: float = 30,
        answer_seconds: float = 300,
    ) -> None:
        self._context_for = context_for
        self._network = network
        self._idle_seconds = idle_seconds
        self._answer_seconds = answer_seconds
        self._idle: dict[tuple[bytes, bytes, int | None], Idle] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; failures come as httpx's exceptions."""
        raw = _translated(request)
        idle = self._idle_for(raw.url)
        connection = self._take(idle)
        if connection is not None:
            try:
                return self._exchange(connection, raw, idle)
            except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
                # The server closed the kept connection just as we used it. Nothing but a request
                # that changes nothing may be sent twice.
                if request.method not in IDEMPOTENT:
                    raise
        return self._exchange(self._connect(raw.url.origin), raw, idle)

    def close(self) -> None:
        """Close the idle connections."""
        for idle in list(self._idle.values()):
            while idle:
                idle.pop().close()

    def _idle_for(self, url: httpcore.URL) -> Idle:
        key = (url.scheme, url.host, url.port)
        if len(self._idle) >= MAX_ORIGINS and key not in self._idle:
            # A registry that redirects to ever new hosts must not fill our file descriptors.
            self.close()
            self._idle.clear()
        return self._idle.setdefault(key, deque())

    def _take(self, idle: Idle) -> TimedConnection | None:
        while True:
            try:
                connection = idle.pop()
            except IndexError:
                return None
            if connection.is_idle() and not connection.has_expired():
                return connection
            connection.close()

    def _connect(self, origin: httpcore.Origin) -> TimedConnection:
        is_tls = origin.scheme == b"https"
        context = self._context_for(origin.host.decode(), origin.port) if is_tls else None
        return TimedConnection(
            origin,
            ssl_context=context,
            network=self._network,
            idle_seconds=self._idle_seconds,
            answer_seconds=self._answer_seconds,
        )

    def _exchange(
        self, connection: TimedConnection, raw: httpcore.Request, idle: Idle
    ) -> httpx.Response:
        try:
            answer = connection.handle_request(raw)
        except Exception as error:
            connection.close()
            raise _as_httpx(error) from error
        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=_Body(answer, connection, idle),
            extensions=answer.extensions,
        )


class _Body(httpx.SyncByteStream):
    """Reads an answer and puts its connection back on the stack when it is read to its end."""

    def __init__(self, answer: httpcore.Response, connection: TimedConnection, idle: Idle) -> None:
        self._answer = answer
        self._connection = connection
        self._idle = idle

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._answer.iter_stream()
        except Exception as error:
            raise _as_httpx(error) from error

    def close(self) -> None:
        self._answer.close()
        if self._connection.is_idle():
            self._idle.append(self._connection)
        else:
            self._connection.close()


def _translated(request: httpx.Request) -> httpcore.Request:
    url = request.url
    return httpcore.Request(
        request.method,
        httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
        headers=request.headers.raw,
        content=request.stream,
        extensions=request.extensions,
    )


def _as_httpx(error: Exception) -> Exception:
    """Translate by name: httpx names its exceptions after those of httpcore."""
    name = type(error).__name__
    counterpart = getattr(httpx, name, None) if type(error).__module__ != "builtins" else None
    return counterpart(str(error)) if counterpart else error
