"""What labels and provenance claim: in every form that builders write, and in none that exists."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registryui.builds.claims import Claim, claim_of_labels, claim_of_provenance
from registryui.builds.models import LONGEST_LINK, LONGEST_SOURCE
from registryui.oci.source import is_commit
from registryui.sample.images import claims
from registryui.supplychain.formats.reading import read_document
from tests.builds.conftest import COMMIT
from tests.builds.test_report import json_values

SOURCE = "https://git.example/team/app"
BUILT = "2026-01-01T10:00:00+00:00"


def claim_of(kind, predicate):
    """Return what a statement claims, as the supply chain reads it."""
    kinds = {"_type": "https://in-toto.io/Statement/v0.1", "predicateType": kind}
    paper = read_document(json.dumps({**kinds, "predicate": predicate}).encode()).paper
    return claim_of_provenance(dict(paper.facts), paper.made_by)


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
    claim = claim_of(kind, said(form))

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

    claim = claim_of(claims.PROVENANCE, predicate)

    assert (claim.source, claim.commit) == (SOURCE, COMMIT)
    assert claim.dockerfile == "docker/Dockerfile"


def test_are_read_from_a_workflow_and_its_dependencies():
    predicate = {
        "buildDefinition": {
            "externalParameters": {
                "workflow": {"ref": "refs/heads/main", "repository": SOURCE, "path": "build.yml"}
            },
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

    claim = claim_of(claims.PROVENANCE, predicate)

    assert (claim.source, claim.branch, claim.commit) == (SOURCE, "main", COMMIT)
    assert claim.log_url == "https://ci.example/runs/7"
    assert not claim.dockerfile


def test_are_read_from_the_request_of_an_old_build_of_a_local_folder():
    args = {"filename": "docker/Dockerfile"}
    vcs = {"source": f"https://robot:secret@{SOURCE[8:]}", "revision": COMMIT}
    predicate = {
        "invocation": {"parameters": {"args": args}},
        "metadata": {"https://mobyproject.org/buildkit@v1#metadata": {"vcs": vcs}},
    }

    claim = claim_of(claims.PROVENANCE_OLD, predicate)

    assert claim == Claim(source=SOURCE, commit=COMMIT, dockerfile="docker/Dockerfile")


def test_hold_no_link_that_was_cut():
    link = f"https://ci.example/{'x' * LONGEST_LINK}"
    predicate = {"metadata": {"buildInvocationId": link}}

    assert claim_of(claims.PROVENANCE_OLD, predicate) == Claim()


@given(json_values(), st.sampled_from([claims.PROVENANCE, claims.PROVENANCE_OLD]))
def test_upset_nobody_whatever_they_hold(value, kind):
    for predicate in (value, {"buildDefinition": value, "runDetails": value, "metadata": value}):
        claim = claim_of(kind, predicate)

        assert len(claim.source) <= LONGEST_SOURCE
        assert not claim.commit or is_commit(claim.commit)


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
    claim = Claim(
        started_at=datetime(2026, 1, 2, tzinfo=UTC), finished_at=datetime(2026, 1, 1, tzinfo=UTC)
    )

    assert claim.times == (None, None)
