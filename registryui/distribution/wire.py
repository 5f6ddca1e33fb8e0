"""One HTTP exchange: capped bodies, no cookies, no decompression, no redirects."""

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx

import registryui
from registryui.distribution.clock import Clock
from registryui.distribution.endpoint import Endpoint
from registryui.distribution.errors import InvalidContentError, RegistryUnreachableError
from registryui.distribution.faults import unreachable
from registryui.distribution.limits import Limits
from registryui.distribution.origins import origin_of
from registryui.oci.marking import gettext_noop

USER_AGENT = f"registryui/{getattr(registryui, '__version__', '0')}"

RawHeaders = list[tuple[bytes, bytes]]
# Takes a successful answer's status and its body, piece by piece, instead of having it kept.
Reader = Callable[[int, Iterator[bytes]], None]

# At INFO httpx and httpcore would log every URL, presigned queries included.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)

_NO_BODY = httpx.ByteStream(b"")
_STANDARD: RawHeaders = [
    (b"User-Agent", USER_AGENT.encode()),
    (b"Accept-Encoding", b"identity"),
]


@dataclass(slots=True)
class Outgoing:
    """One request to one absolute URL; ``operation`` is what it is for, in words."""

    operation: str
    url: str
    method: str = "GET"
    headers: RawHeaders | None = None
    body: bytes = b""
    max_bytes: int = 64 * 1024
    # 0 is as long as everything else.
    read_seconds: float = 0
    reader: Reader | None = None


@dataclass(slots=True)
class Answer:
    """A whole answer. Failed ones (status 300 and up) carry at most ``Limits.error_bytes``."""

    status: int
    headers: httpx.Headers
    content: bytes
    url: str

    def header(self, name: str) -> str:
        """One header's value, or ""."""
        value: str = self.headers.get(name, "")
        return value

    @property
    def media_type(self) -> str:
        """Content-Type without parameters, lower case."""
        return self.header("content-type").partition(";")[0].strip().lower()


class Wire:
    """Sends requests over one transport and counts them; thread-safe."""

    def __init__(
        self, endpoint: Endpoint, limits: Limits, transport: httpx.BaseTransport, clock: Clock
    ) -> None:
        self._endpoint = endpoint
        self._limits = limits
        self._transport = transport
        self._clock = clock
        self._extensions = _timeouts(limits, limits.read_seconds)
        self._own_netloc = endpoint.origin.netloc.encode()
        self._own_start = f"{endpoint.origin}/"
        self._lock = threading.Lock()
        self._of_thread = threading.local()
        self.requests_made = 0

    @property
    def requests_of_this_thread(self) -> int:
        """How many requests the calling thread has made."""
        made: int = getattr(self._of_thread, "requests_made", 0)
        return made

    def send(self, outgoing: Outgoing) -> Answer:
        """Send and read everything.

        Raises RegistryUnreachableError when no answer came and InvalidContentError when it is
        larger than ``max_bytes`` or compressed against our wish.
        """
        self._count()
        try:
            response = self._transport.handle_request(self._request(outgoing))
            try:
                return self._read(response, outgoing)
            finally:
                response.close()
        except (httpx.TransportError, httpx.StreamError) as error:
            raise unreachable(
                error,
                host=origin_of(outgoing.url).netloc,
                registry=self._endpoint.name,
                operation=outgoing.operation,
            ) from error

    def _request(self, outgoing: Outgoing) -> httpx.Request:
        headers = [(b"Host", self._host(outgoing.url)), *_STANDARD, *(outgoing.headers or ())]
        url = self._parsed(outgoing)
        stream = _NO_BODY
        if outgoing.body or outgoing.method in ("POST", "PUT"):
            # A proxy may answer 411 to an upload that does not say how long it is.
            headers.append((b"Content-Length", str(len(outgoing.body)).encode()))
            stream = httpx.ByteStream(outgoing.body)
        # A stream, not content: httpx then adds no headers of its own.
        return httpx.Request(
            outgoing.method,
            url,
            headers=headers,
            stream=stream,
            extensions=self._extensions_of(outgoing),
        )

    def _extensions_of(self, outgoing: Outgoing) -> dict[str, dict[str, float]]:
        if not outgoing.read_seconds:
            return self._extensions
        return _timeouts(self._limits, outgoing.read_seconds)

    def _parsed(self, outgoing: Outgoing) -> httpx.URL:
        """Parse for httpx, and refuse a foreign URL that it reads differently than we did."""
        if outgoing.url.startswith(self._own_start):
            return httpx.URL(outgoing.url)
        try:
            url = httpx.URL(outgoing.url)
            is_same = url.raw_host.decode().rstrip(".") == origin_of(outgoing.url).host
        except (httpx.InvalidURL, UnicodeError):
            is_same = False
        if not is_same:
            raise InvalidContentError(
                gettext_noop("{endpoint} sends us to an address that makes no sense.").format(
                    endpoint=self._endpoint.name
                ),
                registry=self._endpoint.name,
                operation=outgoing.operation,
                code="ADDRESS",
            )
        return url

    def _host(self, url: str) -> bytes:
        if url.startswith(self._own_start):
            return self._own_netloc
        return origin_of(url).netloc.encode()

    def _count(self) -> None:
        self._of_thread.requests_made = self.requests_of_this_thread + 1
        with self._lock:
            self.requests_made += 1

    def _refuse_compressed(self, response: httpx.Response, outgoing: Outgoing) -> None:
        encoding = response.headers.get("content-encoding", "identity").strip().lower()
        if encoding not in ("", "identity"):
            raise InvalidContentError(
                gettext_noop(
                    "{endpoint} compressed its answer although we asked it not to. Switch "
                    "compression off for /v2/ in the proxy in front of it."
                ).format(endpoint=self._endpoint.name),
                registry=self._endpoint.name,
                operation=outgoing.operation,
                status=response.status_code,
                code="CONTENT_ENCODING",
            )

    def _read(self, response: httpx.Response, outgoing: Outgoing) -> Answer:
        is_success = response.status_code < 300
        cap = outgoing.max_bytes if is_success else self._limits.error_bytes
        content = b""
        if outgoing.method != "HEAD" and response.status_code not in (204, 304):
            self._refuse_compressed(response, outgoing)
            if outgoing.reader and is_success:
                outgoing.reader(response.status_code, self._pieces(response, outgoing))
                return Answer(response.status_code, response.headers, b"", outgoing.url)
            content = self._body(response, outgoing, cap)
        if len(content) > cap:
            if is_success:
                raise self._too_large(outgoing, cap)
            content = content[:cap]
        return Answer(response.status_code, response.headers, content, outgoing.url)

    def _body(self, response: httpx.Response, outgoing: Outgoing, cap: int) -> bytes:
        """Read everything, or a little more than ``cap`` bytes when there is more."""
        chunks: list[bytes] = []
        size = 0
        for chunk in self._timed(response, outgoing):
            chunks.append(chunk)
            size += len(chunk)
            if size > cap:
                break
        return chunks[0] if len(chunks) == 1 else b"".join(chunks)

    def _pieces(self, response: httpx.Response, outgoing: Outgoing) -> Iterator[bytes]:
        """Yield everything; raise once there are more than ``max_bytes``."""
        size = 0
        for chunk in self._timed(response, outgoing):
            size += len(chunk)
            if size > outgoing.max_bytes:
                raise self._too_large(outgoing, outgoing.max_bytes)
            yield chunk

    def _timed(self, response: httpx.Response, outgoing: Outgoing) -> Iterator[bytes]:
        deadline = self._clock.monotonic() + self._limits.answer_seconds
        for chunk in response.stream:  # type: ignore[union-attr]  # a transport's is never async
            yield chunk
            if self._clock.monotonic() > deadline:
                raise self._too_slow(outgoing)

    def _too_large(self, outgoing: Outgoing, cap: int) -> InvalidContentError:
        return InvalidContentError(
            gettext_noop(
                "The answer of {endpoint} is larger than the {limit} bytes we accept here."
            ).format(endpoint=self._endpoint.name, limit=f"{cap:,}"),
            registry=self._endpoint.name,
            operation=outgoing.operation,
            code="TOO_LARGE",
        )

    def _too_slow(self, outgoing: Outgoing) -> RegistryUnreachableError:
        host = origin_of(outgoing.url).netloc
        return RegistryUnreachableError.because(
            "timeout",
            gettext_noop(
                "{host} sent its answer too slowly and was cut off. Try again later."
            ).format(host=host),
            registry=self._endpoint.name,
            operation=outgoing.operation,
        )


def _timeouts(limits: Limits, read_seconds: float) -> dict[str, dict[str, float]]:
    return {
        "timeout": {
            "connect": limits.connect_seconds,
            "read": read_seconds,
            "write": limits.read_seconds,
            "pool": limits.connect_seconds,
        }
    }
