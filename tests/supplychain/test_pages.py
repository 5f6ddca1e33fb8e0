"""What vouches for an image is shown, and who has what is found, for whom may see it."""

import csv
import io
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registryui.accounts.models import Grant, Membership, Team
from registryui.audit.models import AuditEvent
from registryui.catalog.models import Referrer
from registryui.sample.builder import attestation, index
from tests.people import make_people
from tests.supplychain import papers
from tests.supplychain.conftest import REPOSITORY, trust
from tests.supplychain.signing import attest, cosign, signer, statement
from tests.supplychain.test_attached import attach
from tests.supplychain.test_verifying import page

SECRET = "s3cret-value"


def packages(client, text, **more):
    return client.get("/packages/", {"q": text, "format": "json", **more}).json()


def vulnerabilities(client, text):
    return client.get("/vulnerabilities/", {"q": text, "format": "json"}).json()


def names(found) -> list[str]:
    return [row["image"]["repository"] for row in found["rows"]]


@pytest.fixture
def two_teams(yard):
    """An image of each of two repositories, with SBOM and report."""
    for name in ("library/app", "team-b/app"):
        subject = yard.image(name, layers=2 if name.startswith("team-b") else 1)
        attach(yard, subject, {**papers.SPDX, "name": name}, "application/spdx+json", name)
        attach(yard, subject, papers.TRIVY, "application/json", name)
    yard.sync()
    return yard


def test_says_what_is_attached_in_one_line(yard, client):
    subject, by = yard.image(), signer()
    cosign(yard.sample, REPOSITORY, subject, by)
    attach(yard, subject, papers.SPDX, "application/spdx+json")
    attach(yard, subject, papers.TRIVY, "application/json")
    trust(by.public_pem)
    yard.sync()

    address = f"/r/sample/{REPOSITORY}/-/manifests/{subject}/supply-chain/summary/"
    line = client.get(address, {"format": "json"}).json()

    assert [row["words"] for row in line["verdicts"]] == ["signed by release key"]
    assert line["words"] == ["SBOM with 2 packages", "1 report"]


def test_says_of_an_image_that_the_index_that_lists_it_is_signed(yard, client):
    subject, by = yard.image(tag=None), signer()
    listing = index(yard.sample, REPOSITORY, "1.0", children=[subject])
    cosign(yard.sample, REPOSITORY, listing, by)
    trust(by.public_pem)
    yard.sync()

    address = f"/r/sample/{REPOSITORY}/-/manifests/{subject}/supply-chain/summary/"
    line = client.get(address, {"format": "json"}).json()

    found = [(row["words"], row["about"]) for row in line["verdicts"]]
    assert found == [("signed by release key", "the index")]
    assert "no signature" not in client.get(address).text


def test_is_reached_from_the_page_of_the_image(yard, client):
    subject = yard.image()
    cosign(yard.sample, REPOSITORY, subject, signer())
    yard.sync()

    text = client.get(f"/r/sample/{REPOSITORY}/-/manifests/{subject}/").content.decode()

    assert f"/manifests/{subject}/supply-chain/summary/" in text


def test_hides_what_looks_like_a_secret(yard, client):
    subject = yard.image(tag=None)
    entry = attestation(
        yard.sample, REPOSITORY, subject, predicates={"https://slsa.dev/provenance/v1": papers.SLSA}
    )
    tagged = index(yard.sample, REPOSITORY, "1.0", children=[subject, entry])
    yard.sync()

    found = page(yard, client, tagged)

    (provenance,) = found["provenances"]
    parameters = {each["key"]: each["value"] for each in provenance["parameters"]}
    assert parameters == {"request.args.build-arg:TOKEN": "•••", "request.args.target": "release"}
    assert provenance["made_by"] == "https://ci.example/builders/1"
    assert provenance["about"] == "linux/amd64"
    assert SECRET not in json.dumps(found)


def test_lists_a_package_once_however_many_platforms_have_it(yard, client):
    subjects = [yard.image(tag=None, platform=f"linux/{each}") for each in ("amd64", "arm64")]
    kind = "https://spdx.dev/Document"
    entries = [
        attestation(yard.sample, REPOSITORY, subject, predicates={kind: papers.SPDX})
        for subject in subjects
    ]
    tagged = index(yard.sample, REPOSITORY, "1.0", children=[*subjects, *entries])
    yard.sync()

    found = page(yard, client, tagged)

    assert [(row["name"], row["count"]) for row in found["packages"]] == [
        ("openssl", 2),
        ("zlib", 2),
    ]
    assert len(found["sboms"]) == 2


def test_shows_findings_the_worst_first_and_vex_beside(yard, client):
    subject = yard.image()
    attach(yard, subject, papers.TRIVY, "application/json")
    attach(yard, subject, papers.OPENVEX, "application/json")
    yard.sync()

    found = page(yard, client, subject)

    assert [row["severity"] for row in found["findings"]] == ["critical", "high"]
    assert found["severities"] == [
        {"severity": "critical", "count": 1},
        {"severity": "high", "count": 1},
    ]
    assert {row["status"] for row in found["statements"]} == {"not affected"}
    assert found["statements"][0]["said_by"] == "security team"


def test_says_that_a_document_is_about_another_image(yard, client):
    subject, other = yard.image(), yard.image(tag="2.0", layers=3)
    kind = "https://test.example/result"
    attach(yard, subject, statement(other, kind, {}), "application/vnd.in-toto+json")
    yard.sync()

    (document,) = page(yard, client, subject)["others"]

    assert document["warning"] == "It says that it is about another image."


def test_filters_packages_of_an_image(yard, client):
    subject = yard.image()
    attach(yard, subject, papers.SPDX, "application/spdx+json")
    yard.sync()

    address = f"/r/sample/{REPOSITORY}/-/manifests/{subject}/supply-chain/"
    found = client.get(address, {"q": "ZLI", "format": "json"}).json()
    part = client.get(address, {"q": "zli"}, headers={"HX-Request": "true"}).content.decode()

    assert [row["name"] for row in found["packages"]] == ["zlib"]
    assert part.lstrip().startswith('<div id="sbom-packages"')


def test_gives_documents_as_text_that_no_browser_runs(yard, client):
    subject = yard.image()
    hostile = {**papers.SPDX, "comment": "<script>alert(1)</script>"}
    attach(yard, subject, hostile, "text/html")
    yard.sync()
    (document,) = page(yard, client, subject)["sboms"]

    response = client.get(document["raw_url"])

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert json.loads(response.content) == hostile


def test_gives_the_beginning_of_long_documents(yard, client, monkeypatch):
    monkeypatch.setattr("registryui.supplychain.attached.KEPT_BYTES", 10)
    subject = yard.image()
    attach(yard, subject, papers.SPDX, "application/spdx+json")
    yard.sync()
    (document,) = page(yard, client, subject)["sboms"]

    assert len(client.get(document["raw_url"]).content) == 10


def test_gives_no_document_that_is_attached_to_something_else(two_teams, client):
    subjects = dict(Referrer.objects.values_list("repository__name", "subject_digest"))
    (theirs,) = page(two_teams, client, subjects["team-b/app"], "team-b/app")["sboms"]
    path = f"/r/sample/library/app/-/manifests/{subjects['library/app']}/supply-chain/"

    assert client.get(f"{path}{theirs['digest']}/").status_code == 404


def test_escapes_what_documents_say(yard, client):
    subject = yard.image()
    name = "<img src=x onerror=alert(1)>\u202e"
    packages = [{"SPDXID": "1", "name": name, "versionInfo": "<b>"}]
    attach(yard, subject, {**papers.SPDX, "packages": packages}, "application/spdx+json")
    yard.sync()

    path = f"/r/sample/{REPOSITORY}/-/manifests/{subject}/supply-chain/"
    text = client.get(path).content.decode()

    assert "<img" not in text
    assert "&lt;img" in text
    assert "\u202e" not in text.replace("<U+202E>", "")


def test_finds_who_has_a_package(two_teams, client):
    found = packages(client, "openssl 3.0.1")

    assert sorted(names(found)) == ["library/app", "team-b/app"]
    assert found["rows"][0]["version"] == "3.0.1-1ubuntu2"
    assert found["rows"][0]["image"]["tags"] == ["1.0"]
    assert found["rows"][0]["image"]["platform"] == "linux/amd64"
    assert found["rows"][0]["said_by"] == "syft-1.20.0"


def test_finds_of_which_images_a_vulnerability_is_reported(two_teams, client):
    found = vulnerabilities(client, "cve-2022-3602")

    assert sorted(names(found)) == ["library/app", "team-b/app"]
    assert found["rows"][0]["finding"]["fixed_version"] == "3.0.7"
    assert len(vulnerabilities(client, "CVE-202*")["rows"]) == 4
    assert not vulnerabilities(client, "CVE-202")["rows"]


def test_names_the_tags_of_the_index_that_lists_the_image(yard, client):
    subject = yard.image(tag=None)
    kind = "https://spdx.dev/Document"
    entry = attestation(
        yard.sample,
        REPOSITORY,
        subject,
        predicates={kind: papers.SPDX, "https://slsa.dev/provenance/v1": papers.SLSA},
    )
    index(yard.sample, REPOSITORY, "3.1", children=[subject, entry])
    yard.sync()

    (row,) = packages(client, "zlib")["rows"]

    assert row["image"]["tags"] == ["3.1"]
    assert row["image"]["digest"] == str(subject)


@pytest.fixture
def member(two_teams, settings, client):
    """Somebody who may browse one of the two repositories."""
    settings.ANONYMOUS_READ = False
    client.force_login(make_people("library/*")["member"])
    return client


def test_finds_only_what_one_may_see(member):
    assert names(packages(member, "openssl")) == ["library/app"]
    assert packages(member, "openssl")["pagination"]["total"] == 1
    assert names(vulnerabilities(member, "CVE-2022-3602")) == ["library/app"]


def test_exports_only_what_one_may_see(member):
    lines = b"".join(member.get("/packages/export/", {"q": "openssl", "as": "jsonl"}))

    assert [json.loads(line)["repository"] for line in lines.splitlines()] == ["library/app"]


def test_finds_nothing_for_who_may_see_nothing(two_teams, settings, client):
    settings.ANONYMOUS_READ = False
    client.force_login(make_people()["outsider"])

    assert not packages(client, "openssl")["rows"]
    assert packages(client, "openssl")["pagination"]["total"] == 0


def test_sees_with_several_grants_what_each_gives(member):
    team = Team.objects.create(name="more", slug="more")
    Membership.objects.create(team=team, user_id=int(member.session["_auth_user_id"]))
    Grant.objects.create(team=team, role=Grant.Role.BROWSE, pattern="team-b/*")

    assert sorted(names(packages(member, "openssl"))) == ["library/app", "team-b/app"]


def test_exports_as_csv_that_no_spreadsheet_runs(yard, client):
    evil = [{"SPDXID": "1", "name": "openssl", "versionInfo": "=1+1"}]
    attach(yard, yard.image(), {**papers.SPDX, "packages": evil}, "application/spdx+json")
    yard.sync()

    response = client.get("/packages/export/", {"q": "openssl", "as": "csv"})
    rows = list(csv.DictReader(io.StringIO(b"".join(response).decode())))

    assert rows[0]["version"] == "'=1+1"
    assert (rows[0]["repository"], rows[0]["tags"]) == (REPOSITORY, "1.0")
    assert AuditEvent.objects.get().action == "EXPORT"


def test_exports_everything_in_batches(yard, client, monkeypatch):
    monkeypatch.setattr("registryui.supplychain.found.BATCH", 2)
    for number in range(5):
        name = f"library/app-{number}"
        sbom = {**papers.SPDX, "name": name}
        attach(yard, yard.image(name), sbom, "application/spdx+json", name)
    yard.sync()

    lines = b"".join(client.get("/packages/export/", {"q": "zlib", "as": "jsonl"})).splitlines()

    assert {json.loads(line)["repository"] for line in lines} == {
        f"library/app-{number}" for number in range(5)
    }
    assert len(lines) == 5


@pytest.mark.parametrize("query", [{"q": "", "as": "csv"}, {"q": "a", "as": "xml"}])
def test_exports_nothing_that_was_not_asked_for(db, client, query):
    assert client.get("/packages/export/", query).status_code == 404


@pytest.mark.parametrize("text", ["\x00", "'; DROP", "%", "*", "pkg:", "a" * 400, "<b>", "@", ">="])
@pytest.mark.parametrize("path", ["/packages/", "/vulnerabilities/"])
def test_survives_whatever_is_asked(two_teams, client, path, text):
    assert client.get(path, {"q": text, "page": "9"}).status_code == 200


def count_queries(client, path, **query) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(path, query).status_code == 200
    return len(queries)


def test_needs_as_many_queries_for_many_as_for_few(yard, client):
    def more(numbers) -> None:
        for number in numbers:
            name = f"library/app-{number}"
            subject = yard.image(name)
            attach(yard, subject, {**papers.SPDX, "name": name}, "application/spdx+json", name)
            attach(yard, subject, papers.TRIVY, "application/json", name)
        yard.sync()

    asked = (("/packages/", "openssl"), ("/vulnerabilities/", "CVE-2022-3602"))
    more(range(2))
    few = [count_queries(client, path, q=text) for path, text in asked]
    more(range(2, 9))
    many = [count_queries(client, path, q=text) for path, text in asked]

    assert few == many
    assert max(many) <= 12


def test_needs_as_many_queries_whatever_is_attached(yard, client):
    def queries(subject) -> int:
        path = f"/r/sample/{REPOSITORY}/-/manifests/{subject}/supply-chain/"
        return count_queries(client, path)

    by, subject = signer(), yard.image()
    trust(by.public_pem)
    kind = "https://spdx.dev/Document"
    attest(yard.sample, REPOSITORY, subject, by, predicate_type=kind, predicate=papers.SPDX)
    attach(yard, subject, papers.TRIVY, "application/json")
    yard.sync()
    few = queries(subject)
    cosign(yard.sample, REPOSITORY, subject, by)
    for document in (papers.SPDX, papers.GRYPE, papers.SARIF, papers.OPENVEX, papers.CYCLONEDX):
        attach(yard, subject, document, "application/json")
    yard.sync()

    assert queries(subject) == few
    assert few <= 22


def test_caps_what_it_counts(two_teams, client, monkeypatch):
    monkeypatch.setattr("registryui.supplychain.found.MOST_COUNTED", 1)

    found = packages(client, "openssl")

    assert (found["is_capped"], found["pagination"]["total"]) == (True, 1)
