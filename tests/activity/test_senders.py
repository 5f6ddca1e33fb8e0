"""What is understood of what registries send."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registryui.activity.report import DELETE, PULL, PUSH, Report, short_id
from registryui.activity.senders import MAX_EVENTS, read
from registryui.oci.document import InvalidDocumentError
from tests.activity import bodies
from tests.activity.bodies import DIGEST, OCI, OTHER_DIGEST, envelope, event

MOMENT = datetime(2026, 6, 1, 11, 59, 58, tzinfo=UTC)


def read_json(document, headers=None):
    return read(json.dumps(document).encode(), headers or {})


def test_reads_distribution():
    [report] = read(envelope(event()), {})

    assert report == Report(
        action=PUSH,
        event_id="push-lib/x-v1",
        repository="lib/x",
        tag="v1",
        digest=DIGEST,
        media_type=OCI,
        actor="ann",
        user_agent="docker/28",
        address="10.0.0.9:4242",
        happened_at=MOMENT.replace(microsecond=250_000),
    )


def test_reads_an_event_without_an_envelope():
    [report] = read_json(event("delete"))

    assert (report.action, report.tag) == (DELETE, "v1")


@pytest.mark.parametrize("target", [{"repository": "lib/x", "tag": "v1"}, {"digest": ""}])
def test_reads_deletes_of_tags(target):
    target = {"repository": "lib/x", "tag": "v1", **target}

    [report] = read(envelope(event("delete", target=target)), {})

    assert (report.action, report.tag, report.digest) == (DELETE, "v1", "")


def test_leaves_blobs_out():
    blob = {"mediaType": "application/octet-stream", "digest": DIGEST, "repository": "lib/x"}

    assert read(envelope(event(target=blob), event("mount")), {}) == ()


@pytest.mark.parametrize("repository", ["", "Upper", "../x", "a" * 256, None, 7])
def test_leaves_out_what_no_registry_has(repository):
    assert read(envelope(event(repository=repository)), {}) == ()


def test_reads_only_so_many_events():
    [*reports] = read(envelope(*[event(tag=f"t{n}") for n in range(MAX_EVENTS + 5)]), {})

    assert len(reports) == MAX_EVENTS


def test_reads_zot_in_binary_mode():
    [report] = read_json(bodies.ZOT, bodies.ZOT_HEADERS)

    assert (report.event_id, report.action, report.repository) == ("one", PUSH, "lib/x")
    assert (report.tag, report.digest, report.actor) == ("v1", DIGEST, "ann")
    assert report.happened_at == MOMENT


def test_reads_zot_in_structured_mode():
    [report] = read_json(bodies.ZOT_STRUCTURED)

    assert (report.event_id, report.action, report.tag) == ("one", DELETE, "v1")


def test_takes_a_digest_in_the_place_of_a_tag_for_what_it_is():
    [report] = read_json({"name": "lib/x", "reference": DIGEST}, bodies.ZOT_HEADERS)

    assert (report.tag, report.digest) == ("", DIGEST)


@pytest.mark.parametrize("kind", ["zotregistry.image.scanned", "com.example.other"])
def test_leaves_other_events_out(kind):
    assert read_json(bodies.ZOT, {**bodies.ZOT_HEADERS, "ce-type": kind}) == ()


def test_reads_harbor():
    tagged, untagged = read_json(bodies.HARBOR)

    assert (tagged.action, tagged.repository, tagged.tag) == (PUSH, "p/x", "v1")
    assert (tagged.actor, tagged.happened_at) == ("ann", MOMENT)
    assert (untagged.tag, untagged.digest) == ("", OTHER_DIGEST)


def test_reads_harbors_cloud_events():
    tagged, untagged = read_json(bodies.HARBOR_STRUCTURED)

    assert (tagged.action, tagged.event_id, tagged.actor) == (PULL, "two:0", "ann")
    assert untagged.event_id == "two:1"


def test_leaves_harbors_other_webhooks_out():
    assert read_json({**bodies.HARBOR, "type": "SCANNING_COMPLETED"}) == ()


def test_reads_docker_hub():
    [report] = read_json(bodies.DOCKER_HUB)

    assert (report.action, report.repository, report.tag) == (PUSH, "ann/x", "v1")
    assert (report.actor, report.happened_at) == ("ann", MOMENT)


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"\xff", b"null", b'{"hello": 1}'])
def test_refuses_what_no_registry_sends(body):
    with pytest.raises(InvalidDocumentError):
        read(body, {})


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda values: st.lists(values) | st.dictionaries(st.text(), values),
)
NAMES = st.sampled_from(
    ["events", "target", "event_data", "push_data", "specversion", "type", "data", "repository"]
)


@given(st.dictionaries(NAMES, JUNK, min_size=1))
def test_never_fails_otherwise(document):
    try:
        reports = read_json(document)
    except InvalidDocumentError:
        return
    assert all(report.is_sound for report in reports)


def test_shortens_long_ids():
    assert short_id("a") == "a"
    assert len(short_id("a" * 5000)) < 200
