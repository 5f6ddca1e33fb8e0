import socket
import threading
from contextlib import contextmanager

import pytest

from registryui.distribution.client import RegistryClient
from registryui.distribution.endpoint import Endpoint
from registryui.distribution.errors import RegistryUnreachableError
from registryui.distribution.limits import Limits

HINT = b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n"
HEAD = b"HTTP/1.1 200 OK\r\nServer: "
BODY = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"


@contextmanager
def dripping(first, again):
    """Serve one answer that never ends: its beginning, and something now and then."""
    listening = socket.create_server(("127.0.0.1", 0))
    is_over = threading.Event()

    def answer():
        connection, _ = listening.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(first)
            try:
                while not is_over.wait(0.01):
                    connection.sendall(again)
            except OSError:
                return

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        is_over.set()
        thread.join()
        listening.close()


@pytest.mark.parametrize(("first", "again"), [(HINT, HINT), (HEAD, b"x"), (BODY, b"{")])
def test_cuts_off_an_answer_that_never_ends(first, again):
    limits = Limits(answer_seconds=0.2, tries=1)

    with (
        dripping(first, again) as url,
        RegistryClient(Endpoint(url), limits=limits) as client,
        pytest.raises(RegistryUnreachableError) as caught,
    ):
        client.ping()

    assert caught.value.cause == "timeout"
