import httpx
import pytest

from registryui.distribution import errors
from registryui.distribution.client import RegistryClient
from registryui.distribution.endpoint import Endpoint
from tests.distribution.fakes import BASE, Recorder, challenge, client_of, complaint


def test_recognises_a_registry():
    headers = {"docker-distribution-api-version": "registry/2.0", "server": "nginx"}
    seen = Recorder(lambda request: httpx.Response(200, json={}, headers=headers))

    ping = client_of(seen).ping()

    assert seen.lines == ["GET /v2/"]
    assert (ping.api_version, ping.server) == ("registry/2.0", "nginx")
    assert ping.challenges == ()
    assert not ping.needs_login


def test_recognises_a_registry_that_wants_a_login():
    seen = Recorder(lambda request: challenge())

    ping = client_of(seen).ping()

    assert ping.needs_login
    assert ping.challenges[0].scheme == "bearer"


def test_recognises_a_registry_that_lets_strangers_in():
    def handle(request):
        if request.url.host == "auth.corp.example":
            return httpx.Response(200, json={"token": "anonymous"})
        return httpx.Response(200) if "authorization" in request.headers else challenge()

    ping = client_of(handle).ping()

    assert not ping.needs_login
    assert ping.challenges


def test_checks_the_login_when_there_is_one():
    def handle(request):
        return httpx.Response(200 if "authorization" in request.headers else 401, headers=basic)

    basic = {"www-authenticate": 'Basic realm="x"'}

    assert not client_of(handle, username="u", password="p").ping().needs_login
    with pytest.raises(errors.RegistryRefusedError):
        client_of(lambda request: challenge(scheme="Basic"), username="u", password="p").ping()


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, text="<html>", headers={"content-type": "text/html; charset=utf-8"}),
        httpx.Response(401, text="<html>", headers={"content-type": "text/html"}),
        httpx.Response(404),
        httpx.Response(410),
    ],
)
def test_tells_another_web_server_from_a_registry(answer):
    with pytest.raises(errors.InvalidContentError, match="not like a registry") as caught:
        client_of(lambda request: answer).ping()

    assert caught.value.code == "NOT_A_REGISTRY"


def test_reports_a_failing_ping():
    with pytest.raises(errors.RegistryRefusedError):
        client_of(lambda request: complaint(403, "DENIED")).ping()


def test_reports_a_proxy_that_has_nothing_behind_it():
    page = httpx.Response(502, text="<html>", headers={"content-type": "text/html"})

    with pytest.raises(errors.RegistryUnreachableError, match="status 502") as caught:
        client_of(lambda request: page).ping()

    assert caught.value.temporary


def test_closes_its_connections():
    closed = []

    class Transport(httpx.BaseTransport):
        def close(self):
            closed.append(True)

    with RegistryClient(Endpoint(BASE), transport=Transport()):
        pass

    assert closed == [True]
