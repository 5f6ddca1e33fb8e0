"""Large blobs, taken as they come or by ranges."""

import httpx
import pytest

from registryui.distribution.errors import (
    InvalidContentError,
    NotFoundError,
    RegistryUnreachableError,
    UnsupportedError,
)
from registryui.distribution.limits import Limits
from registryui.oci.digest import Digest
from tests.distribution.fakes import FakeTime, Recorder, client_of, complaint

CONTENT = bytes(range(256)) * 1000
DIGEST = Digest.of(CONTENT)


def serve(request, content=CONTENT):
    wanted = request.headers.get("range")
    if not wanted:
        return httpx.Response(200, stream=httpx.ByteStream(content))
    first, last = map(int, wanted.removeprefix("bytes=").split("-"))
    headers = {"content-range": f"bytes {first}-{last}/{len(content)}"}
    return httpx.Response(206, content=content[first : last + 1], headers=headers)


def read(client, take=b"".join):
    return client.read_blob("a/b", DIGEST, take, size=len(CONTENT))


def test_gives_what_was_made_of_a_blob():
    assert read(client_of(serve)) == CONTENT


def test_verifies_also_what_nobody_took():
    assert read(client_of(serve), lambda pieces: len(next(pieces)) > 0) is True

    with pytest.raises(InvalidContentError, match="does not match its digest"):
        read(client_of(lambda request: serve(request, b"x" * len(CONTENT))), lambda pieces: True)


@pytest.mark.parametrize("length", [0, 100, len(CONTENT) + 1])
def test_refuses_a_blob_of_another_size(length):
    client = client_of(lambda request: serve(request, bytes(length)))

    with pytest.raises(InvalidContentError):
        read(client)


def test_lets_what_the_taker_raises_through():
    def fail(pieces):
        raise KeyError("mine")

    with pytest.raises(KeyError):
        read(client_of(serve), fail)


def test_blames_the_bytes_for_what_cannot_be_made_of_them():
    def fail(pieces):
        list(pieces)
        raise KeyError("mine")

    with pytest.raises(InvalidContentError, match="does not match its digest"):
        read(client_of(lambda request: serve(request, b"x" * len(CONTENT))), fail)


def test_begins_again_when_a_download_breaks_off():
    class Broken(httpx.SyncByteStream):
        def __iter__(self):
            yield CONTENT[:1000]
            raise httpx.ReadError("gone")

    answers = iter([httpx.Response(200, stream=Broken()), None])
    seen = Recorder(lambda request: next(answers) or serve(request))

    assert read(client_of(seen, limits=Limits(tries=2), time=FakeTime())) == CONTENT
    assert len(seen.requests) == 2


def test_cuts_off_what_comes_too_slowly():
    time = FakeTime()

    class Slow(httpx.SyncByteStream):
        def __iter__(self):
            for _ in range(100):
                time.now += 10
                yield b"x"

    client = client_of(
        lambda request: httpx.Response(200, stream=Slow()),
        limits=Limits(tries=1, answer_seconds=60),
        time=time,
    )
    with pytest.raises(RegistryUnreachableError, match="too slowly"):
        read(client)


def test_says_that_there_is_no_such_blob():
    client = client_of(lambda request: complaint(404, "BLOB_UNKNOWN"))

    with pytest.raises(NotFoundError):
        read(client)


def test_fetches_a_part():
    seen = Recorder(serve)

    assert client_of(seen).blob_range("a/b", DIGEST, 1000, 1500) == CONTENT[1000:1500]
    assert seen.requests[0].headers["range"] == "bytes=1000-1499"


def test_does_not_take_the_whole_for_a_part():
    client = client_of(lambda request: httpx.Response(200, stream=httpx.ByteStream(CONTENT)))

    with pytest.raises(UnsupportedError, match="only the whole"):
        client.blob_range("a/b", DIGEST, 0, 10)


@pytest.mark.parametrize("claimed", ["bytes 5-14/100", "", "items 0-9/100"])
def test_does_not_take_another_part(claimed):
    answer = httpx.Response(206, content=bytes(10), headers={"content-range": claimed})

    with pytest.raises(InvalidContentError, match="another part"):
        client_of(lambda request: answer).blob_range("a/b", DIGEST, 0, 10)


def test_asks_the_storage_for_the_same_part_without_credentials():
    def handler(request):
        if request.url.host == "registry.corp.example":
            return httpx.Response(307, headers={"location": "https://storage.example/x?sig=1"})
        return serve(request)

    seen = Recorder(handler)

    assert client_of(seen).blob_range("a/b", DIGEST, 5, 9) == CONTENT[5:9]
    assert seen.requests[1].headers["range"] == "bytes=5-8"
    assert "authorization" not in seen.requests[1].headers


def test_refuses_digests_that_cannot_be_verified():
    blake = Digest("blake3", "0" * 64)

    with pytest.raises(UnsupportedError):
        client_of(serve).read_blob("a", blake, list, size=1)
