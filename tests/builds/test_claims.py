"""What labels and statements claim: in every form that builders write, and in none that exists."""

import base64
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registryui.builds.claims import Claim, claim_of_labels, claim_of_statement
from registryui.oci.document import InvalidDocumentError
from registryui.sample.images import claims
from tests.builds.conftest import COMMIT
from tests.builds.test_report import json_values

SOURCE = "https://git.example/team/app"
BUILT = "2026-01-01T10:00:00+00:00"


def statement(kind, predicate):
    return json.dumps({"predicateType": kind, "predicate": predicate}).encode()


def said(form):
    return form(source=SOURCE, revision=COMMIT, built=BUILT, base="ubuntu:24.04")


@pytest.mark.parametrize(
    ("kind", "form"),
    [
        (claims.PROVENANCE, claims.provenance),
        (claims.PROVENANCE_OLD, claims.provenance_old),
    ],
)
def test_are_read_from_both_forms_of_buildkit(kind, form):
    claim = claim_of_statement(statement(kind, said(form)))

    assert (claim.source, claim.branch, claim.commit) == (f"{SOURCE}.git", "main", COMMIT)
    assert claim.dockerfile == "Dockerfile"
    assert claim.builder == "https://ci.example/builders/buildkit"
    assert claim.times == (datetime(2026, 1, 1, 10, tzinfo=UTC),) * 2


def test_are_read_from_a_build_of_a_local_folder():
    predicate = {
        "buildDefinition": {
            "externalParameters": {
                "configSource": {"path": "docker/Dockerfile"},
                "request": {"args": {"vcs:source": SOURCE, "vcs:revision": f"{COMMIT}-dirty"}},
            }
        },
        "runDetails": {"builder": {"id": ""}},
    }

    claim = claim_of_statement(statement(claims.PROVENANCE, predicate))

    assert (claim.source, claim.commit) == (SOURCE, COMMIT)
    assert claim.dockerfile == "docker/Dockerfile"


def test_are_read_from_a_workflow_and_its_dependencies():
    predicate = {
        "buildDefinition": {
            "externalParameters": {"workflow": {"ref": "refs/heads/main", "repository": SOURCE}},
            "resolvedDependencies": [
                {"uri": "pkg:docker/ubuntu", "digest": {"sha1": "0" * 40}},
                {"uri": f"git+{SOURCE}@refs/heads/main", "digest": {"gitCommit": COMMIT}},
            ],
        },
        "runDetails": {
            "builder": {"id": "https://ci.example/runner"},
            "metadata": {"invocationId": "https://ci.example/runs/7"},
        },
    }

    claim = claim_of_statement(statement(claims.PROVENANCE, predicate))

    assert (claim.source, claim.branch, claim.commit) == (SOURCE, "main", COMMIT)
    assert claim.log_url == "https://ci.example/runs/7"


@pytest.mark.parametrize("wrap", [lambda it: it, lambda it: {"dsseEnvelope": it}])
def test_are_taken_out_of_signed_envelopes(wrap):
    payload = statement(claims.PROVENANCE_OLD, said(claims.provenance_old))
    envelope = {"payloadType": "x", "payload": base64.b64encode(payload).decode()}

    assert claim_of_statement(json.dumps(wrap(envelope)).encode()).commit == COMMIT


def test_are_none_in_statements_about_other_things():
    assert claim_of_statement(statement(claims.SBOM, said(claims.provenance))) == Claim()


@pytest.mark.parametrize("content", [b"", b"[]", b'{"payload": "%"}', b'{"payload": "e30"}'])
def test_are_refused_from_what_is_no_statement(content):
    with pytest.raises(InvalidDocumentError):
        claim_of_statement(content)


@given(json_values(), st.sampled_from([claims.PROVENANCE, claims.PROVENANCE_OLD]))
def test_upset_nobody_whatever_they_hold(value, kind):
    for predicate in (value, {"buildDefinition": value, "runDetails": value, "metadata": value}):
        claim = claim_of_statement(statement(kind, predicate))

        assert Claim.of_kept(claim.kept()) == claim


def test_hold_no_password_and_no_dangerous_link():
    claim = claim_of_labels(
        (
            ("org.opencontainers.image.source", "https://robot:secret@git.example/a/b"),
            ("org.opencontainers.image.revision", "main; rm -rf /"),
            ("ci.build.url", "javascript:alert(1)"),
        )
    )

    assert claim == Claim(source="https://git.example/a/b")


def test_are_read_from_labels_old_and_new():
    claim = claim_of_labels(
        (
            ("org.label-schema.vcs-url", SOURCE),
            ("org.label-schema.vcs-ref", COMMIT[:7].upper()),
            ("com.gitlab.ci.commitrefname", "main"),
            ("com.gitlab.ci.joburl", "https://ci.example/jobs/1"),
            ("org.opencontainers.image.created", "2026-01-01T10:00:00Z"),
        )
    )

    assert (claim.source, claim.commit, claim.branch) == (SOURCE, COMMIT[:7], "main")
    assert claim.log_url == "https://ci.example/jobs/1"
    assert claim.times == (None, datetime(2026, 1, 1, 10, tzinfo=UTC))


def test_say_nothing_by_a_date_alone():
    assert not claim_of_labels((("org.opencontainers.image.created", BUILT),)).tells_something
    assert claim_of_labels((("org.opencontainers.image.source", SOURCE),)).tells_something


def test_leave_out_times_that_contradict_each_other():
    claim = Claim(started_at="2026-01-02T00:00:00Z", finished_at="2026-01-01T00:00:00Z")

    assert claim.times == (None, None)
