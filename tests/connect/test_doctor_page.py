"""Who may have a registry examined, how a worker does it, and what the page shows meanwhile."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from registryui.accounts.models import Grant, Membership, Team
from registryui.audit.api import Actor
from registryui.audit.models import AuditEvent
from registryui.catalog.models import Registry
from registryui.connect.diagnosing import KIND, ask_for_diagnosis, is_live, new_diagnosis
from registryui.connect.doctor.course import LOOKS, TOTAL
from registryui.connect.models import KEPT, Diagnosis, DiagnosisLook
from registryui.declarations import Declaration
from registryui.jobs.api import Hands, Job, work_off
from registryui.sample.registry import SampleRegistry
from registryui.sample.serving import serve
from tests.connect.examining import BY, declared, diagnosis_of, states_of
from tests.indexing import NOW
from tests.people import make_people

ADDRESS = "/r/sample/-/doctor/"


@pytest.fixture
def administrator(person) -> Any:
    return person("ADMINISTRATOR")


def twin(client: Any) -> Any:
    return client.get(ADDRESS, {"format": "json"}).json()


def work() -> int:
    return work_off(Hands("worker", clock=lambda: NOW), now=NOW)


@pytest.fixture
def served(settings, registry: Registry) -> Any:
    """Have the sample registry answer on the loopback."""
    with serve(SampleRegistry()) as url, declared(settings, Declaration(slug="sample", url=url)):
        yield url


@pytest.mark.parametrize(
    ("who", "answers"),
    [
        ("outsider", (404, 404)),
        ("member", (404, 404)),
        ("maintainer", (404, 404)),  # of a part of the registry
        ("auditor", (200, 404)),
        ("administrator", (200, 303)),
    ],
)
def test_is_for_who_manages_all_of_the_registry(client, settings, registry, who, answers):
    settings.ANONYMOUS_READ = False
    client.force_login(make_people()[who])

    read, asked = client.get(ADDRESS), client.post(ADDRESS)

    assert (read.status_code, asked.status_code) == answers
    assert Diagnosis.objects.count() == (answers[1] == 303)


@pytest.mark.parametrize(("scope", "status"), [("sample", 303), ("*", 303), ("other", 404)])
def test_is_for_a_team_that_manages_everything_there(client, settings, registry, scope, status):
    settings.ANONYMOUS_READ = False
    person = make_people()["outsider"]
    team = Team.objects.create(name="operators", slug="operators")
    Membership.objects.create(team=team, user=person)
    Grant.objects.create(team=team, role=Grant.Role.MANAGE, registry=scope, pattern="*")
    client.force_login(person)

    assert client.post(ADDRESS).status_code == status


def test_is_not_for_strangers_even_where_everybody_reads(client, registry):
    assert client.get(ADDRESS).status_code == 404
    assert client.post(ADDRESS).status_code == 302
    assert not Diagnosis.objects.exists()


def test_offers_the_button_to_who_may_press_it(administrator, registry):
    page = twin(administrator)

    assert page["may_examine"]
    assert page["diagnosis"] is None
    assert "Not examined yet" in administrator.get(ADDRESS).text


def test_offers_no_button_to_an_auditor(auditor, registry):
    assert not twin(auditor)["may_examine"]
    assert "<form" not in auditor.get(ADDRESS).text.split("<main")[1].split("</main")[0]


def test_shows_how_far_it_is_until_it_has_ended(administrator, served):
    administrator.post(ADDRESS)

    waiting = twin(administrator)
    part = administrator.get(ADDRESS, headers={"HX-Request": "true"}).text
    assert waiting["is_live"]
    assert waiting["diagnosis"]["looks"] == []
    assert 'hx-trigger="every 1s"' in part
    assert "Examine it" not in part

    work()

    done = twin(administrator)
    part = administrator.get(ADDRESS, headers={"HX-Request": "true"}).text
    assert not done["is_live"]
    assert [each["key"] for each in done["diagnosis"]["looks"]] == [each.key for each in LOOKS]
    assert sum(done["diagnosis"]["counts"].values()) == TOTAL
    assert done["diagnosis"]["asked_by"] == "olga"
    assert "hx-trigger" not in part
    assert "Examine it again" in part


def test_is_not_doubled_by_who_presses_twice(administrator, registry):
    administrator.post(ADDRESS)
    administrator.post(ADDRESS)

    assert Diagnosis.objects.count() == 1
    assert Job.objects.filter(kind=KIND).count() == 1


def test_puts_on_record_who_asked(administrator, registry):
    administrator.post(ADDRESS, {"delete": "1"})

    [event] = AuditEvent.objects.filter(action="DIAGNOSIS")
    assert (event.actor, event.registry) == ("olga", registry.slug)
    assert event.details == {"with deletion": "yes"}


def test_tries_deletion_only_when_the_box_is_ticked(administrator, registry):
    administrator.post(ADDRESS)
    assert not Diagnosis.objects.latest("pk").with_deletion

    Job.objects.all().delete()
    administrator.post(ADDRESS, {"delete": "1"})
    assert Diagnosis.objects.latest("pk").with_deletion


def test_begins_anew_after_its_worker_died(administrator, served):
    administrator.post(ADDRESS)
    diagnosis = Diagnosis.objects.get()
    diagnosis.begin(NOW)
    DiagnosisLook.objects.create(diagnosis=diagnosis, key="name", state="FINE", milliseconds=1)

    work()

    assert diagnosis.looks.filter(key="name").count() == 1
    assert diagnosis.looks.count() == TOTAL


def test_says_that_it_was_given_up(administrator, registry):
    administrator.post(ADDRESS)
    Job.objects.update(state=Job.State.FAILED)

    page = twin(administrator)

    assert page["diagnosis"]["is_given_up"]
    assert not page["is_live"]
    assert "broke off" in administrator.get(ADDRESS).text
    administrator.post(ADDRESS)
    assert is_live(Diagnosis.objects.latest("pk"))


def test_waits_while_the_registry_wants_to_be_left_alone(administrator, registry):
    Registry.objects.update(paused_until=NOW + timedelta(hours=1))
    administrator.post(ADDRESS)

    work()

    [job] = Job.objects.filter(kind=KIND)
    assert job.state == Job.State.WAITING
    assert job.run_after == NOW + timedelta(hours=1)
    assert not DiagnosisLook.objects.exists()


def test_says_that_the_registry_is_not_declared_any_more(registry, settings):
    settings.REGISTRIES = ()
    diagnosis = ask_for_diagnosis(registry, by=BY, with_deletion=False, now=NOW)

    work()

    diagnosis.refresh_from_db()
    assert diagnosis.is_broken
    assert "not declared any more" in diagnosis.error


def test_keeps_the_last_few(registry):
    for _ in range(KEPT + 3):
        newest = new_diagnosis(registry, by=BY, with_deletion=False, now=NOW)

    assert Diagnosis.objects.count() == KEPT
    assert Diagnosis.objects.of(registry).first() == newest


def test_deletes_nothing_where_registry_ui_is_read_only(settings, served, registry):
    settings.READ_ONLY = True

    states = states_of(
        diagnosis_of(settings, Declaration(slug="sample", url=served), with_deletion=True)
    )

    assert states["deletion"] == "SKIPPED"


def test_shows_hostile_words_as_words(administrator, registry):
    diagnosis = new_diagnosis(registry, by=Actor.system("x"), with_deletion=False, now=NOW)
    DiagnosisLook.objects.create(
        diagnosis=diagnosis,
        key="ping",
        state="BROKEN",
        words="<script>alert(1)</script>\u202e",
        fix="<b>",
        explanation="of an older version",
        milliseconds=1,
    )
    diagnosis.end(NOW)

    page = administrator.get(ADDRESS).text

    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert "1 broken" in page


def test_notices_events(settings, served, registry):
    with_secret = Declaration(slug="sample", url=served, hook_secret="open-sesame-open-sesame")

    assert states_of(diagnosis_of(settings, with_secret))["notifications"] == "WARNING"
    registry.events.create(
        event_id="1", action="PUSH", repository="a", happened_at=NOW, received_at=NOW
    )
    assert states_of(diagnosis_of(settings, with_secret))["notifications"] == "FINE"


def test_takes_the_command_line_for_a_registry_that_is_declared(settings, registry):
    settings.REGISTRIES = (Declaration(slug="sample", url="http://127.0.0.1:1"),)

    with pytest.raises(CommandError, match="Declared: sample"):
        call_command("doctor", "nobody", stdout=StringIO())


def test_leaves_a_paused_registry_alone_on_the_command_line(settings, registry):
    settings.REGISTRIES = (Declaration(slug="sample", url="http://127.0.0.1:1"),)
    Registry.objects.update(paused_until=timezone.now() + timedelta(hours=1))

    with pytest.raises(CommandError, match="left alone until"):
        call_command("doctor", "sample", stdout=StringIO())
    assert not Diagnosis.objects.exists()
