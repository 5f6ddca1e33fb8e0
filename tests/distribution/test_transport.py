import socket
import threading
from contextlib import closing, contextmanager

import httpcore
import httpx
import pytest

from registryui.distribution.addresses import AddressPolicy, ForbiddenAddressError, HostPort
from registryui.distribution.client import RegistryClient
from registryui.distribution.endpoint import Endpoint
from registryui.distribution.errors import RegistryUnreachableError
from registryui.distribution.limits import Limits
from registryui.distribution.network import GuardedNetwork
from registryui.distribution.transport import MAX_ORIGINS, StackTransport

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


def no_tls(host, port):
    raise AssertionError("there is no TLS in these tests")


class Server:
    """A server of a few lines: each connection answers as its script says, then closes."""

    def __init__(self, *scripts):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.scripts = list(scripts)
        self.connections = 0
        self.requests = 0
        self.has_closed = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.socket.getsockname()[1]}/"

    def run(self):
        for script in self.scripts:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.connections += 1
            with connection:
                for answer in script:
                    if not connection.recv(65536):
                        break
                    self.requests += 1
                    connection.sendall(answer)
            self.has_closed.set()


@contextmanager
def serving(*scripts):
    server = Server(*scripts)
    server.thread.start()
    try:
        yield server
    finally:
        server.socket.shutdown(socket.SHUT_RDWR)
        server.socket.close()
        server.thread.join()


@contextmanager
def transport():
    made = StackTransport(context_for=no_tls, network=httpcore.SyncBackend())
    try:
        yield made
    finally:
        made.close()


def send(through, url, method="GET"):
    request = httpx.Request(method, url)
    with closing(through.handle_request(request)) as response:
        return response.status_code, b"".join(response.stream)


def test_uses_a_connection_again():
    with serving([OK] * 3) as server, transport() as through:
        answers = [send(through, server.url) for _ in range(3)]

        assert answers == [(200, b"{}")] * 3
        assert server.connections == 1


def test_opens_another_when_all_are_in_use():
    with serving([OK], [OK]) as server, transport() as through:
        first = through.handle_request(httpx.Request("GET", server.url))
        second = through.handle_request(httpx.Request("GET", server.url))

        assert first.read() == second.read() == b"{}"
        assert server.connections == 2


def test_does_not_keep_a_connection_whose_answer_was_not_read():
    with serving([OK], [OK]) as server, transport() as through:
        through.handle_request(httpx.Request("GET", server.url)).close()

        assert send(through, server.url) == (200, b"{}")
        assert server.connections == 2


def test_notices_a_connection_the_server_has_closed():
    with serving([OK], [OK]) as server, transport() as through:
        send(through, server.url)
        server.has_closed.wait(5)

        # A POST would not be sent a second time, so the first was on a fresh connection.
        assert send(through, server.url, "POST") == (200, b"{}")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_sends_again_only_what_changes_nothing(method, monkeypatch):
    monkeypatch.setattr(httpcore.HTTPConnection, "has_expired", lambda self: False)

    with serving([OK], [OK]) as server, transport() as through:
        send(through, server.url)
        server.has_closed.wait(5)

        if method == "GET":
            assert send(through, server.url) == (200, b"{}")
        else:
            with pytest.raises(httpx.TransportError):
                send(through, server.url, method)


def test_fails_like_httpx_when_nobody_listens():
    with serving() as server:
        url = server.url

    with transport() as through, pytest.raises(httpx.ConnectError, match="refused"):
        send(through, url)


def test_fails_like_httpx_when_an_answer_breaks_off():
    with (
        serving([b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}"]) as server,
        transport() as through,
        pytest.raises(httpx.RemoteProtocolError),
    ):
        send(through, server.url)


def test_lets_other_errors_through():
    class Broken(httpcore.SyncBackend):
        def connect_tcp(self, *args, **kwargs):
            raise RuntimeError("a bug")

    broken = StackTransport(context_for=no_tls, network=Broken())

    with pytest.raises(RuntimeError, match="a bug"):
        send(broken, "http://127.0.0.1:9/")


def test_forgets_connections_when_there_are_too_many_origins():
    with serving([OK], [OK]) as server, transport() as through:
        send(through, server.url)
        for port in range(1, MAX_ORIGINS + 1):
            with pytest.raises(httpx.ConnectError):
                send(through, f"http://127.0.0.2:{port}/")

        send(through, server.url)

        assert server.connections == 2


def test_waits_no_longer_than_it_is_told():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        limits = Limits(tries=1, read_seconds=0.05)
        with (
            RegistryClient(Endpoint(url), limits=limits) as client,
            pytest.raises(RegistryUnreachableError) as caught,
        ):
            client.ping()

    assert caught.value.cause == "timeout"


class Dialled(httpcore.SyncBackend):
    """Remembers where it was told to connect; only some addresses answer."""

    def __init__(self, *answering):
        self.answering = answering
        self.calls = []

    def connect_tcp(self, host, port, *args, **kwargs):
        self.calls.append((host, port))
        if host in self.answering:
            return httpcore.MockStream([])
        raise httpcore.ConnectError(f"{host} refused")


def guarded(dialled, resolver, trusted=()):
    policy = AddressPolicy(HostPort("registry.example", 443), frozenset(trusted), resolver=resolver)
    return GuardedNetwork(policy, plain=dialled)


def test_connects_to_the_address_it_checked():
    answers = iter([("8.8.8.8",), ("127.0.0.1",)])
    dialled = Dialled("8.8.8.8")

    guarded(dialled, lambda host, port: next(answers)).connect_tcp("storage.example", 443)

    assert dialled.calls == [("8.8.8.8", 443)]


def test_tries_the_next_address():
    dialled = Dialled("9.9.9.9")

    guarded(dialled, lambda host, port: ("8.8.8.8", "9.9.9.9")).connect_tcp("a.example", 443)

    assert dialled.calls == [("8.8.8.8", 443), ("9.9.9.9", 443)]


def test_gives_up_after_a_few_addresses():
    dialled = Dialled()
    network = guarded(dialled, lambda host, port: tuple(f"8.8.8.{n}" for n in range(1, 9)))

    with pytest.raises(httpcore.ConnectError, match=r"8\.8\.8\.3 refused"):
        network.connect_tcp("a.example", 443)


def test_does_not_connect_to_a_forbidden_address():
    dialled = Dialled()

    names = {"registry.example": ("8.8.8.8",), "evil.example": ("127.0.0.1",)}
    network = guarded(dialled, lambda host, port: names[host])

    with pytest.raises(httpcore.ConnectError) as caught:
        network.connect_tcp("evil.example", 443)

    assert isinstance(caught.value.__cause__, ForbiddenAddressError)
    assert dialled.calls == []


@pytest.mark.parametrize("failure", [OSError(-2, "Name or service not known"), UnicodeError("x")])
def test_reports_a_name_that_does_not_exist(failure):
    def resolver(host, port):
        raise failure

    with pytest.raises(httpcore.ConnectError):
        guarded(Dialled(), resolver).connect_tcp("nowhere.example", 443)


def test_reports_a_name_without_addresses():
    with pytest.raises(httpcore.ConnectError, match="no address"):
        guarded(Dialled(), lambda host, port: ()).connect_tcp("registry.example", 443)


def test_explains_a_forbidden_address():
    class Refusing(httpx.BaseTransport):
        def handle_request(self, request):
            raise httpx.ConnectError("address not allowed") from ForbiddenAddressError()

    with pytest.raises(RegistryUnreachableError, match="approve this host") as caught:
        RegistryClient(Endpoint("https://registry.example"), transport=Refusing()).ping()

    assert caught.value.cause == "address"
    assert not caught.value.temporary
