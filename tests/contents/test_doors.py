"""Who may look into images."""

import gzip

import pytest
from django.test import Client

from registryui.accounts.models import Grant, Membership, Team
from registryui.audit.models import AuditEvent
from registryui.contents.models import Reading
from tests.contents.archives import tar
from tests.contents.site import Made, files_address, layer_address, work
from tests.people import make_people

BASE = Made(gzip.compress(tar(("etc/secret", b"password\n"))))


@pytest.fixture
def row(site, settings):
    settings.ANONYMOUS_READ = False
    return site.image(BASE)


def browser(user):
    client = Client()
    client.force_login(user)
    return client


def granted(user, role, pattern="library/*"):
    team = Team.objects.create(name=role, slug=role.lower())
    Membership.objects.create(team=team, user=user)
    Grant.objects.create(team=team, role=role, registry="sample", pattern=pattern)
    return browser(user)


ADDRESSES = [
    ("", {}),
    ("waste/", {}),
    ("open/", {"path": "etc/secret"}),
    ("download/", {"path": "etc/secret"}),
]


@pytest.mark.parametrize(
    ("role", "status"), [("BROWSE", 404), ("DELETE", 404), ("FILES", 200), ("MANAGE", 200)]
)
def test_is_for_whom_that_was_granted(row, role, status):
    people = make_people()
    client = granted(people["outsider"], role)
    administrator = browser(people["administrator"])
    administrator.post(files_address(row))
    work()

    for rest, query in ADDRESSES:
        answer = client.get(files_address(row, rest), query)
        assert answer.status_code == status
        assert not answer.streaming or answer.getvalue() == b"password\n"
    assert client.get(layer_address(BASE)).status_code == status


def test_leads_there_whom_it_is_for_and_nobody_else(row):
    people = make_people()
    manifest = files_address(row).removesuffix("files/")

    reader = granted(people["outsider"], "FILES").get(manifest).content.decode()
    member = browser(people["member"]).get(manifest).content.decode()

    assert files_address(row) in reader
    assert layer_address(BASE) in reader
    assert "/files/" not in member


def test_lets_auditors_have_layers_read_for_that_changes_nothing(row):
    auditor = browser(make_people()["auditor"])

    assert auditor.post(files_address(row)).status_code == 303
    assert Reading.objects.get().asked_by.username == "auditor"


def test_leads_strangers_to_the_sign_in_even_where_everybody_reads(row, settings):
    settings.ANONYMOUS_READ = True
    stranger = Client()

    for rest, query in ADDRESSES:
        answer = stranger.get(files_address(row, rest), query)
        assert (answer.status_code, answer["Location"][:9]) == (302, "/sign-in/")
    assert stranger.post(files_address(row)).status_code == 302
    assert not Reading.objects.exists()


def test_keeps_the_layers_of_other_repositories_to_themselves(site, row):
    other = Made(tar(("elsewhere", b"")))
    site.push(other, name="private/app")
    site.index()
    reader = granted(make_people()["outsider"], "FILES")

    # By its digest, below a repository that one may look into and that does not have it.
    assert reader.get(layer_address(other)).status_code == 404
    assert reader.post(layer_address(other)).status_code == 404


def test_records_nothing_of_a_file_that_was_refused(row):
    people = make_people()
    administrator = browser(people["administrator"])
    administrator.post(files_address(row))
    work()

    browser(people["member"]).get(files_address(row, "open/"), {"path": "etc/secret"})

    assert not AuditEvent.objects.filter(action="FILE_OPEN").exists()


def test_says_nothing_of_a_repository_that_one_may_not_see_where_reading_failed(site, settings):
    settings.ANONYMOUS_READ = False
    lost = Made(BASE.content, is_stored=False)
    site.push(lost, name="secret/plans")
    row = site.image(lost)
    people = make_people()
    reader = granted(people["outsider"], "FILES")
    elsewhere = files_address(row).replace("library/app", "secret/plans")
    assert browser(people["administrator"]).post(elsewhere).status_code == 303
    work()
    told = browser(people["administrator"]).get(elsewhere).content.decode()
    assert "secret/plans" in told

    for address in (files_address(row), layer_address(BASE)):
        assert "secret/plans" not in reader.get(address).content.decode().replace("<wbr>", "")
        assert "secret/plans" not in reader.get(address, {"format": "json"}).content.decode()
