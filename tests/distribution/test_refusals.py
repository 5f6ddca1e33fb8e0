import httpx
import pytest

from registryui.distribution import errors
from registryui.distribution.endpoint import Endpoint
from registryui.distribution.refusals import Complaint, Refusals, complaint_of
from registryui.distribution.wire import Answer
from tests.distribution.fakes import BASE, FakeTime


def answer(status, content=b"", **headers):
    return Answer(status, httpx.Headers(headers), content, f"{BASE}/v2/")


def error_for(refused, **settings):
    refusals = Refusals(Endpoint(BASE, **settings), FakeTime().clock)
    return refusals.error_for(refused, "list the tags of a/b")


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (
            b'{"errors":[{"code":"NAME_UNKNOWN","message":"no","detail":{"path":"/var"}}]}',
            Complaint("NAME_UNKNOWN", "no"),
        ),
        (b'{"errors":[{"status":400,"message":"bad"}]}', Complaint("", "bad")),
        (b'{"message":"rate limit"}', Complaint("", "rate limit")),
        (b'{"code":"unauthorized","message":5}', Complaint("UNAUTHORIZED", "")),
        (b'{"code":"<b>"}', Complaint()),
        (b'{"errors":["x"]}', Complaint()),
        (b'{"errors":[]}', Complaint()),
        (b"404 page not found\n", Complaint("", "404 page not found")),
        (b"<html>502</html>", Complaint()),
        (b"x" * 3000, Complaint()),
        (b"", Complaint()),
        (b"\xff\xfe", Complaint("", "\ufffd\ufffd")),
    ],
)
def test_reads_error_bodies_of_all_kinds(content, complaint):
    assert complaint_of(answer(400, content)) == complaint


@pytest.mark.parametrize(
    ("status", "kind", "temporary"),
    [
        (301, errors.InvalidContentError, False),
        (400, errors.UnsupportedError, False),
        (401, errors.LoginMissingError, False),
        (403, errors.RegistryRefusedError, False),
        (404, errors.NotFoundError, False),
        (405, errors.UnsupportedError, False),
        (408, errors.RegistryUnreachableError, True),
        (410, errors.NotFoundError, False),
        (418, errors.UnsupportedError, False),
        (429, errors.RateLimitedError, True),
        (500, errors.RegistryUnreachableError, True),
        (501, errors.UnsupportedError, False),
        (503, errors.RegistryUnreachableError, True),
        (599, errors.RegistryUnreachableError, False),
    ],
)
def test_decides_by_the_status(status, kind, temporary):
    error = error_for(answer(status))

    assert type(error) is kind
    assert error.temporary is temporary
    assert error.status == status
    assert error.operation == "list the tags of a/b"
    assert error.registry == "registry.corp.example"
    assert "{" not in error.for_people


def test_quotes_the_registry_without_our_secrets():
    body = b'{"errors":[{"code":"DENIED","message":"pw hunter22 is wrong"}]}'

    error = error_for(answer(403, body), username="me", password="hunter22")

    assert error.code == "DENIED"
    assert error.for_people.endswith("It says: “pw … is wrong”")


def test_tells_a_missing_login_from_a_refused_one():
    assert "wants a login" in error_for(answer(401)).for_people
    assert "login is wrong" in error_for(answer(401), username="u", password="p").for_people


def test_suggests_https_to_who_asked_in_plain_http():
    refused = answer(400, b"Client sent an HTTP request to an HTTPS server.\n")

    error = error_for(refused)

    assert isinstance(error, errors.RegistryUnreachableError)
    assert error.cause == "needs-https"
    assert not error.temporary
    assert "https://" in error.for_people


def test_says_how_long_a_rate_limit_lasts():
    assert error_for(answer(429, **{"retry-after": "7"})).retry_after_seconds == 7
    assert error_for(answer(429)).retry_after_seconds is None
