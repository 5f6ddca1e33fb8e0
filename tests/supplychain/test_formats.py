"""Documents of every format are read, whatever is in them."""

import base64
import contextlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registryui.oci.digest import Digest
from registryui.oci.errors import OciError
from registryui.supplychain.formats import parts
from registryui.supplychain.formats.parts import Paper, PaperKind, Piece, piece_of_purl
from registryui.supplychain.formats.reading import read_document
from tests.supplychain import papers
from tests.supplychain.signing import claim, envelope, signer, statement

IMAGE = Digest.of(b"an image")
KNOWN = {
    name: getattr(papers, name)
    for name in ("SPDX", "CYCLONEDX", "TRIVY", "GRYPE", "SARIF", "OPENVEX")
}


def read(document: object) -> Paper:
    content = document if isinstance(document, bytes) else json.dumps(document).encode()
    return read_document(content).paper


def test_reads_the_packages_of_spdx():
    paper = read(papers.SPDX)

    assert (paper.kind, paper.form, paper.made_by) == ("SBOM", "SPDX 2.3", "syft-1.20.0")
    assert paper.packages == (Piece("deb", "openssl", "3.0.1-1ubuntu2"), Piece("", "zlib", "1.3.1"))


def test_reads_the_packages_of_cyclonedx_and_those_within():
    paper = read(papers.CYCLONEDX)

    assert (paper.form, paper.made_by) == ("CycloneDX 1.6", "trivy 0.60.0")
    assert paper.packages == (Piece("npm", "@angular/core", "19.0.0"), Piece("", "inner", "2"))


def test_reads_the_tools_of_older_cyclonedx():
    old = {**papers.CYCLONEDX, "specVersion": "1.4", "metadata": {"tools": [{"name": "old"}]}}

    assert read(old).made_by == "old"


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({**papers.SPDX, "spdxVersion": "SPDX-3.0"}, "SPDX is read in"),
        ({**papers.CYCLONEDX, "specVersion": "9"}, "CycloneDX is read up to"),
        ({"critical": {"type": "other"}}, "not what cosign signs"),
        ({"anything": 1}, "no format that is read"),
        ({"_type": "https://in-toto.io/Statement/v9"}, "no in-toto statement"),
        ({"payloadType": "text/plain", "payload": ""}, "something else"),
        ({"payloadType": "x", "payload": "%%"}, "base64"),
        ({"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json"}, "signs no statement"),
    ],
)
def test_says_why_it_cannot_read_others(document, words):
    with pytest.raises(OciError, match=words):
        read(document)


def test_reads_what_trivy_found():
    paper = read(papers.TRIVY)

    first, second = paper.weaknesses
    assert (first.identifier, first.severity, first.package) == ("CVE-2022-3602", "high", "openssl")
    assert (first.version, first.fixed_version) == ("3.0.1-1ubuntu2", "3.0.7")
    assert second.severity == "critical"
    assert paper.kind is PaperKind.REPORT


def test_reads_what_grype_found():
    (found,) = read(papers.GRYPE).weaknesses

    assert (found.identifier, found.severity, found.fixed_version) == (
        "GHSA-AAAA-BBBB-CCCC",
        "medium",
        "2.0",
    )


def test_takes_a_score_of_sarif_before_its_level():
    assert [each.severity for each in read(papers.SARIF).weaknesses] == ["critical", "medium"]


def test_reads_what_openvex_states_of_the_image_and_of_its_packages():
    paper = read(papers.OPENVEX)

    assert [(each.package, each.status) for each in paper.weaknesses] == [
        ("", "not_affected"),
        ("openssl", "not_affected"),
    ]
    assert paper.made_by == "security team"


def test_reads_the_analyses_of_cyclonedx_as_vex():
    paper = read(
        {
            "bomFormat": "CycloneDX",
            "specVersion": "1.5",
            "vulnerabilities": [{"id": "CVE-1", "analysis": {"state": "false_positive"}}],
        }
    )

    assert paper.kind is PaperKind.VEX
    assert paper.weaknesses[0].status == "not_affected"


def test_reads_provenance_of_either_version():
    new = read(statement(IMAGE, "https://slsa.dev/provenance/v1", papers.SLSA))
    old = read(statement(IMAGE, "https://slsa.dev/provenance/v0.2", papers.SLSA_OLD))

    assert new.made_by == "https://ci.example/builders/1"
    assert dict(new.facts)["commit"] == "abc"
    assert ("request.args.target", "release") in new.parameters
    assert new.materials == (("pkg:docker/debian@12", f"sha256:{'ab' * 32}"),)
    assert dict(old.facts)["source"] == "https://git.example/old.git"
    assert dict(old.facts)["path"] == "Dockerfile"
    assert old.subjects == (str(IMAGE),)


def test_reads_provenance_of_versions_to_come_by_its_form():
    paper = read(statement(IMAGE, "https://slsa.dev/provenance/v1.1", papers.SLSA))

    assert (paper.kind, dict(paper.facts)["commit"]) == ("PROVENANCE", "abc")


def test_takes_the_branch_out_of_the_address_of_the_source_and_leaves_out_a_password():
    config = {"uri": "git+https://robot:secret@git.example/a/b@refs/tags/v1"}

    facts = dict(
        read(
            statement(
                IMAGE,
                "https://slsa.dev/provenance/v0.2",
                {"invocation": {"configSource": config}},
            )
        ).facts
    )

    assert facts == {"source": "https://git.example/a/b", "ref": "v1"}


def test_reads_a_scan_that_cosign_attested():
    predicate = {"scanner": {"uri": "x", "result": papers.TRIVY}}

    paper = read(statement(IMAGE, "https://cosign.sigstore.dev/attestation/vuln/v1", predicate))

    assert len(paper.weaknesses) == 2
    assert paper.predicate_type.startswith("https://cosign.sigstore.dev/")


def test_keeps_a_statement_that_nobody_knows():
    paper = read(statement(IMAGE, "https://test.example/result", {"passed": True}))

    assert (paper.kind, paper.subjects) == ("STATEMENT", (str(IMAGE),))


def test_reads_through_an_envelope_and_keeps_its_signatures():
    content = json.dumps(
        envelope(statement(IMAGE, "https://spdx.dev/Document", papers.SPDX), signer())
    )

    reading = read_document(content.encode())

    assert reading.paper.packages
    assert reading.seal is not None
    assert reading.seal.signed_bytes.startswith(b"DSSEv1 28 application/vnd.in-toto+json ")


def test_tells_what_a_notation_envelope_says():
    def encoded(document: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(document).encode()).decode().rstrip("=")

    paper = read(
        {
            "payload": encoded({"targetArtifact": {"digest": str(IMAGE)}}),
            "protected": encoded({"alg": "PS256"}),
            "header": {"x5c": ["a", "b"]},
            "signature": "c2ln",
        }
    )

    assert paper.subjects == (str(IMAGE),)
    assert dict(paper.facts) == {"algorithm": "PS256", "certificates": "2"}
    assert read(b"\xd2\x84").form == "Notation signature (COSE)"


def test_reads_the_claim_that_cosign_signs():
    assert read(claim(IMAGE, "a/b")).subjects == (str(IMAGE),)


@pytest.mark.parametrize(
    ("purl", "piece"),
    [
        ("pkg:deb/debian/openssl@3.0.1?arch=amd64#x", Piece("deb", "openssl", "3.0.1")),
        ("pkg:golang/golang.org/x/net@v0.1.0", Piece("golang", "golang.org/x/net", "v0.1.0")),
        ("pkg:maven/org.apache/log4j@2.17", Piece("maven", "org.apache:log4j", "2.17")),
        ("pkg:npm/%40a/b", Piece("npm", "@a/b", "")),
        ("pkg:pypi/Django@5.2%2B1", Piece("pypi", "Django", "5.2+1")),
        ("pkg:deb", None),
        ("openssl", None),
    ],
)
def test_reads_package_addresses(purl, piece):
    assert piece_of_purl(purl) == piece


def test_takes_no_more_packages_than_it_may(monkeypatch):
    monkeypatch.setattr(parts, "MAX_PACKAGES", 1)

    paper = read(papers.SPDX)

    assert (len(paper.packages), paper.is_cut) == (1, True)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(st.binary(max_size=300))
def test_raises_nothing_else_for_bytes(content):
    with contextlib.suppress(OciError):
        read_document(content)


@settings(max_examples=300)
@given(st.data())
def test_raises_nothing_else_where_a_value_is_of_another_kind(data):
    document = json.loads(json.dumps(data.draw(st.sampled_from([*KNOWN.values(), STATED]))))
    place: object = document
    for _ in range(data.draw(st.integers(1, 6))):
        if isinstance(place, dict) and place:
            key = data.draw(st.sampled_from(sorted(place)))
        elif isinstance(place, list) and place:
            key = data.draw(st.integers(0, len(place) - 1))
        else:
            break
        if data.draw(st.booleans()):
            place[key] = data.draw(JSON)
        place = place[key]

    with contextlib.suppress(OciError):
        read_document(json.dumps(document).encode())


STATED = statement(IMAGE, "https://slsa.dev/provenance/v1", papers.SLSA)
