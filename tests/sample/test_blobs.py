"""Blobs: whole, in ranges, redirected, deleted, pushed in every way of the specification."""

import pytest

from registryui.oci.digest import Digest

CONTENT = b"0123456789"
DIGEST = Digest.of(CONTENT)
BLOB = f"/v2/a/b/blobs/{DIGEST}"


@pytest.fixture
def pushed(registry, client):
    client.post(f"/v2/a/b/blobs/uploads/?digest={DIGEST}", content=CONTENT)
    return registry


def code_of(answer):
    return answer.json()["errors"][0]["code"]


def test_serves_a_blob(pushed, client):
    answer = client.get(BLOB)

    assert answer.content == CONTENT
    assert answer.headers["Docker-Content-Digest"] == str(DIGEST)
    assert answer.headers["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize(
    ("wanted", "content", "said"),
    [
        ("bytes=2-4", b"234", "bytes 2-4/10"),
        ("bytes=7-", b"789", "bytes 7-9/10"),
        ("bytes=-3", b"789", "bytes 7-9/10"),
        ("bytes=-30", CONTENT, "bytes 0-9/10"),
        ("bytes=5-500", b"56789", "bytes 5-9/10"),
    ],
)
def test_serves_a_range(pushed, client, wanted, content, said):
    answer = client.get(BLOB, headers={"Range": wanted})

    assert (answer.status_code, answer.content) == (206, content)
    assert answer.headers["Content-Range"] == said
    assert answer.headers["Content-Length"] == str(len(content))


@pytest.mark.parametrize("wanted", ["bytes=-", "bytes=0-1,4-5", "lines=1-2"])
def test_ignores_ranges_it_does_not_understand(pushed, client, wanted):
    answer = client.get(BLOB, headers={"Range": wanted})

    assert (answer.status_code, answer.content) == (200, CONTENT)


@pytest.mark.parametrize("wanted", ["bytes=10-", "bytes=5-2", "bytes=-0"])
def test_refuses_ranges_outside(pushed, client, wanted):
    answer = client.get(BLOB, headers={"Range": wanted})

    assert (answer.status_code, code_of(answer)) == (416, "RANGE_INVALID")


@pytest.mark.parametrize("repository", ["c/d", "a"])
def test_serves_blobs_only_where_they_were_pushed(pushed, client, repository):
    client.post(f"/v2/a/blobs/uploads/?digest={Digest.of(b'x')}", content=b"x")

    answer = client.get(f"/v2/{repository}/blobs/{DIGEST}")

    assert (answer.status_code, code_of(answer)) == (404, "BLOB_UNKNOWN")


def test_redirects_to_a_storage(pushed, client):
    pushed.switches.blob_redirect = "http://storage.example"

    answer = client.get(BLOB)
    stored = client.get(answer.headers["Location"])

    assert answer.status_code == 307
    assert answer.headers["Location"].startswith("http://storage.example/storage/")
    assert stored.content == CONTENT


def test_has_a_storage_that_wants_no_credentials(pushed, client):
    refused = client.get(f"/storage/{DIGEST}", headers={"Authorization": "Bearer t"})
    missing = client.get(f"/storage/{Digest.of(b'missing')}")
    part = client.get(f"/storage/{DIGEST}", headers={"Range": "bytes=0-1"})

    assert (refused.status_code, missing.status_code) == (400, 404)
    assert part.content == b"01"


def test_alters_blobs_when_switched(pushed, client):
    pushed.switches.wrong_digest = "body"

    answer = client.get(BLOB)

    assert len(answer.content) == len(CONTENT)
    assert not DIGEST.matches(answer.content)


def test_deletes_a_blob(pushed, client):
    first, second = client.delete(BLOB), client.delete(BLOB)

    assert (first.status_code, second.status_code) == (202, 404)
    assert client.get(BLOB).status_code == 404


def test_takes_an_upload_in_chunks(client):
    started = client.post("/v2/a/b/blobs/uploads/")
    upload = started.headers["Location"]
    first = client.patch(upload, content=CONTENT[:4], headers={"Content-Range": "0-3"})
    between = client.get(upload)
    client.patch(upload, content=CONTENT[4:7])
    finished = client.put(f"{upload}?digest={DIGEST}", content=CONTENT[7:])

    assert (started.status_code, started.headers["Range"]) == (202, "0-0")
    assert (first.status_code, first.headers["Range"]) == (202, "0-3")
    assert (between.status_code, between.headers["Range"]) == (204, "0-3")
    assert (finished.status_code, finished.headers["Location"]) == (201, BLOB)
    assert client.get(BLOB).content == CONTENT


def test_refuses_a_chunk_out_of_order(client):
    upload = client.post("/v2/a/b/blobs/uploads/").headers["Location"]

    answer = client.patch(upload, content=b"45", headers={"Content-Range": "4-5"})

    assert (answer.status_code, code_of(answer)) == (416, "RANGE_INVALID")


def test_refuses_content_of_another_digest(client):
    upload = client.post("/v2/a/b/blobs/uploads/").headers["Location"]

    wrong = client.put(f"{upload}?digest={DIGEST}", content=b"something else")
    none = client.put(client.post("/v2/a/b/blobs/uploads/").headers["Location"], content=b"x")

    assert (wrong.status_code, code_of(wrong)) == (400, "DIGEST_INVALID")
    assert (none.status_code, code_of(none)) == (400, "DIGEST_INVALID")
    assert client.get(BLOB).status_code == 404


def test_forgets_a_cancelled_upload(client):
    upload = client.post("/v2/a/b/blobs/uploads/").headers["Location"]

    cancelled = client.delete(upload)

    assert cancelled.status_code == 204
    assert code_of(client.patch(upload, content=b"x")) == "BLOB_UPLOAD_UNKNOWN"


def test_mounts_a_blob_from_another_repository(pushed, client):
    mounted = client.post(f"/v2/c/d/blobs/uploads/?mount={DIGEST}&from=a/b")
    elsewhere = client.post(f"/v2/e/f/blobs/uploads/?mount={DIGEST}&from=no/such")

    assert mounted.status_code == 201
    assert client.get(f"/v2/c/d/blobs/{DIGEST}").content == CONTENT
    assert elsewhere.status_code == 202
