"""The pages of protected tags and retention rules: who finds them, what they show and do."""

import dataclasses

import pytest
from django.test import Client
from django.urls import reverse

from registryui.accounts.models import Grant
from registryui.audit.models import AuditEvent
from registryui.catalog.models import Tag
from registryui.deletion.models import Operation, ProtectionRule, RetentionRule, RetentionRun
from tests.people import NAMES, make_people
from tests.retention.addresses import RULE_PAGES
from tests.retention.conftest import NOON

MINE = {"registry": "sample", "repository": "team-a/*", "tag": "*"}
FILLED = {
    "name": "Keep three",
    **MINE,
    "newest": "3",
    "newest_by": "VERSION",
    "days_by": "CREATED",
    "max_percent": "50",
}
# Who: may read rules, may write their own.
MAY = {
    "maintainer": (200, True),
    "member": (404, False),
    "outsider": (404, False),
    "auditor": (200, False),
    "administrator": (200, True),
}


@pytest.fixture
def browsers(tidy, settings, time_machine_noon):
    settings.ANONYMOUS_READ = False
    found = {}
    for name, user in make_people("team-a/*").items():
        found[name] = Client()
        found[name].force_login(user)
    return found


@pytest.fixture
def time_machine_noon():
    import time_machine

    with time_machine.travel(NOON, tick=False):
        yield


def protect(**columns):
    values = {"tag": "latest", "repository": "team-a/*", "created_at": NOON, **columns}
    return ProtectionRule.objects.create(**values)


def rule(tidy, **columns):
    return tidy.rule("Keep three", **{**MINE, "newest": 3, **columns})


def get(browser, path, **query):
    return browser.get(path, {**query, "format": "json"}).json()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("path", ["/protection/", "/retention/", "/retention/{rule}/"])
def test_is_there_for_who_manages_and_who_reads_everything(browsers, tidy, name, path):
    status = browsers[name].get(path.format(rule=rule(tidy).pk)).status_code

    assert status == MAY[name][0]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("path", ["/retention/new/", "/retention/{rule}/edit/"])
def test_offers_the_form_to_who_may_write(browsers, tidy, name, path):
    status = browsers[name].get(path.format(rule=rule(tidy).pk)).status_code

    assert (status == 200) is MAY[name][1]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("deed", ["dry-run", "off", "delete", "run"])
def test_does_only_for_who_may_write(browsers, tidy, name, deed):
    path = f"/retention/{rule(tidy, is_on=True).pk}/{deed}/"

    assert browsers[name].post(path).status_code == (303 if MAY[name][1] else 404)


@pytest.mark.parametrize("path", ["/protection/", "/retention/", "/retention/runs/1/"])
def test_leads_strangers_to_the_sign_in(browsers, path):
    assert Client().get(path)["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("about", [{"repository": "*"}, {"repository": "team-*"}])
def test_hides_rules_that_reach_beyond_what_one_manages(browsers, tidy, about):
    protect(**about)
    beyond = rule(tidy, **about)
    run = tidy.run(beyond, is_dry=True)
    mine = browsers["maintainer"]

    assert get(mine, "/protection/")["rules"] == []
    assert get(mine, "/retention/")["rules"] == []
    assert mine.get(f"/retention/{beyond.pk}/").status_code == 404
    assert mine.get(f"/retention/runs/{run.pk}/").status_code == 404
    assert mine.post(f"/retention/{beyond.pk}/delete/").status_code == 404
    assert len(get(browsers["auditor"], "/retention/")["rules"]) == 1


def test_protects_tags_and_says_so_in_the_log(browsers):
    form = {"tag": "1.*", "repository": "team-a/app", "registry": "*", "reason": "sold"}

    assert browsers["maintainer"].post("/protection/", form).status_code == 303

    row = ProtectionRule.objects.get()
    assert (row.tag, row.repository, row.created_by) == ("1.*", "team-a/app", "maintainer")
    event = AuditEvent.objects.latest("sequence")
    assert (event.action, event.reason) == ("PROTECTION_CREATE", "sold")
    assert event.details == {"tags": "1.*", "repositories": "team-a/app", "registry": "*"}


@pytest.mark.parametrize("repository", ["*", "team-*", "team-b/app", "team-a*"])
def test_lets_nobody_protect_what_they_do_not_manage(browsers, repository):
    form = {"tag": "1.*", "repository": repository, "registry": "*"}

    answer = browsers["maintainer"].post("/protection/", form)

    assert "You manage team-a/*" in answer.text
    assert not ProtectionRule.objects.exists()


def test_ends_a_protection_once_it_is_ones_own(browsers):
    mine, other = protect(), protect(repository="team-b/*")
    browser = browsers["maintainer"]

    assert browser.post(f"/protection/{other.pk}/delete/").status_code == 404
    assert browser.post(f"/protection/{mine.pk}/delete/").status_code == 303

    assert list(ProtectionRule.objects.all()) == [other]
    assert AuditEvent.objects.latest("sequence").action == "PROTECTION_DELETE"


def test_shows_an_auditor_no_form(browsers):
    protect()
    page = get(browsers["auditor"], "/protection/")

    assert page["form"] is None
    assert page["rules"][0]["delete_url"] == ""
    form = {"tag": "a", "repository": "a", "registry": "*"}
    assert browsers["auditor"].post("/protection/", form).status_code == 404


def test_shows_exactly_which_tags_a_rule_protects(browsers):
    preview = get(browsers["administrator"], "/protection/", tag="1.*", repository="*")["preview"]

    assert (preview["tag_count"], preview["repository_count"]) == (5, 2)
    assert (preview["tags"][0]["repository"], preview["tags"][0]["name"]) == ("team-a/app", "1.3")


def test_counts_nothing_that_one_may_not_see(browsers):
    preview = get(browsers["maintainer"], "/protection/", tag="1.*", repository="*")["preview"]

    assert (preview["tag_count"], preview["tags"]) == (0, [])
    assert "not only about repositories that you manage" in preview["error"]


def test_previews_what_would_go_before_anything_is_saved(browsers):
    page = get(browsers["maintainer"], "/retention/new/", **FILLED)

    preview = page["preview"]
    assert (preview["going_count"], preview["staying_count"]) == (2, 4)
    assert preview["freed_bytes"] > 0
    verdicts = preview["repositories"][0]["verdicts"]
    assert [each["name"] for each in verdicts if each["goes"]] == ["1.1", "1.0"]
    assert not RetentionRule.objects.exists()


def test_gives_htmx_the_preview_alone(browsers):
    answer = browsers["maintainer"].get("/retention/new/", FILLED, headers={"HX-Request": "true"})

    assert answer.text.strip().startswith('<section id="would-go"')


def test_previews_nothing_beyond_what_one_manages(browsers):
    page = get(browsers["maintainer"], "/retention/new/", **{**FILLED, "repository": "*"})

    assert page["preview"] is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"newest": ""}, "at least one condition"),
        ({"newest": "0"}, "greater than or equal to 1"),
        ({"pulled_days": "400"}, "less than or equal to 89"),
        ({"kept": "a b c?"}, "Write tags"),
        ({"repository": "team-*"}, "You manage team-a/*"),
        ({"tag": "("}, "Write a tag"),
    ],
)
def test_refuses_a_rule_that_makes_no_sense(browsers, change, message):
    answer = browsers["maintainer"].post("/retention/new/", {**FILLED, **change})

    assert message in answer.text
    assert not RetentionRule.objects.exists()


def test_saves_a_rule_that_deletes_nothing_yet(browsers):
    assert browsers["maintainer"].post("/retention/new/", FILLED).status_code == 303

    row = RetentionRule.objects.get()
    assert (row.is_on, row.newest, row.created_by) == (False, 3, "maintainer")
    event = AuditEvent.objects.latest("sequence")
    assert (event.action, event.details["newest"]) == ("RULE_CREATE", "3")


def test_is_switched_on_from_a_dry_run_of_exactly_these_settings(browsers, tidy):
    browser, row = browsers["maintainer"], rule(tidy)
    run = tidy.run(row, is_dry=True)
    assert get(browser, f"/retention/runs/{run.pk}/")["switch_on"] is not None

    on = browser.post(f"/retention/runs/{run.pk}/switch-on/", {"schedule": "DAILY", "hour": "4"})

    row.refresh_from_db()
    assert (on.status_code, row.is_on, row.next_run_at.hour) == (303, True, 4)
    assert AuditEvent.objects.latest("sequence").action == "RULE_CHANGE"


def test_is_not_switched_on_after_it_was_changed(browsers, tidy):
    browser, row = browsers["maintainer"], rule(tidy)
    run = tidy.run(row, is_dry=True)
    RetentionRule.objects.update(newest=1)

    on = browser.post(f"/retention/runs/{run.pk}/switch-on/", {"schedule": "DAILY", "hour": "4"})

    row.refresh_from_db()
    assert (on.status_code, row.is_on) == (409, False)
    assert get(browser, f"/retention/runs/{run.pk}/")["switch_on"] is None


@pytest.mark.parametrize(("change", "stays_on"), [({"newest": "4"}, False), ({"name": "X"}, True)])
def test_is_switched_off_by_a_change_of_what_it_says(browsers, tidy, change, stays_on):
    row = rule(tidy, is_on=True, next_run_at=NOON)

    saved = browsers["maintainer"].post(f"/retention/{row.pk}/edit/", {**FILLED, **change})

    row.refresh_from_db()
    assert (saved.status_code, row.is_on) == (303, stays_on)


def test_deletes_what_was_held_once_somebody_confirms_it(browsers, tidy):
    run = tidy.run(rule(tidy, newest=1, is_on=True))
    path = f"/retention/runs/{run.pk}/confirm/"
    assert run.state == "HELD"
    assert browsers["auditor"].post(path).status_code == 404

    assert browsers["maintainer"].post(path).status_code == 303
    assert browsers["maintainer"].post(path).status_code == 409
    tidy.work()

    assert Operation.objects.get().repository == "team-a/app"
    assert AuditEvent.objects.filter(action="PLAN_CONFIRM", actor="maintainer").count() == 1


def test_keeps_the_runs_of_a_rule_that_is_deleted(browsers, tidy):
    row = rule(tidy)
    run = tidy.run(row, is_dry=True)

    assert browsers["maintainer"].post(f"/retention/{row.pk}/delete/").status_code == 303

    page = get(browsers["maintainer"], f"/retention/runs/{run.pk}/")
    assert (page["rule_url"], page["run"]["going_count"]) == ("", 2)
    assert RetentionRun.objects.get().rule is None
    assert AuditEvent.objects.latest("sequence").action == "RULE_DELETE"


def test_shows_of_each_tag_why_it_goes_or_stays(browsers, tidy):
    run = tidy.run(rule(tidy), is_dry=True)

    page = get(
        browsers["auditor"],
        f"/retention/runs/{run.pk}/",
        registry="sample",
        repository="team-a/app",
    )

    assert [each["name"] for each in page["verdicts"]][:2] == ["1.1", "1.0"]
    assert page["verdicts"][0]["why"] == "Not among the newest 3 by version."
    assert page["part"]["going_count"] == 2


def test_says_that_nothing_runs_when_read_only(browsers, tidy, settings):
    settings.READ_ONLY = True
    row = rule(tidy, is_on=True)

    assert "REGISTRYUI_READ_ONLY" in browsers["maintainer"].get(f"/retention/{row.pk}/").text
    assert get(browsers["maintainer"], f"/retention/{row.pk}/")["run_url"] == ""
    assert get(browsers["maintainer"], "/retention/new/", **FILLED)["preview"]["going_count"] == 2


def test_stops_previewing_when_the_time_is_over(browsers, tidy):
    from registryui.accounts.access import EVERYTHING
    from registryui.deletion.retention.previews import preview_of

    ticks = iter([0.0, 100.0, 100.0])
    found = preview_of(rule(tidy, repository="*"), EVERYTHING, now=NOON, clock=lambda: next(ticks))

    assert (found.looked_at, found.repository_count, found.is_complete) == (1, 2, False)


def test_leads_to_the_rules_only_who_may_read_them(browsers):
    Grant.objects.filter(role="BROWSE").update(pattern="*")

    assert 'href="/retention/"' in browsers["auditor"].get("/").text
    assert 'href="/retention/"' not in browsers["member"].get("/").text
    assert Tag.objects.exists()


@pytest.mark.parametrize("name", RULE_PAGES)
def test_has_a_twin_with_the_fields_of_the_page(browsers, tidy, name):
    run = tidy.run(rule(tidy), is_dry=True)
    numbers = {"retention-run": [run.pk], "retention-edit": [run.rule.pk]}
    numbers["retention-detail"] = numbers["retention-edit"]
    address = reverse(name, args=numbers.get(name, []))

    twin = get(browsers["administrator"], address)

    fields = dataclasses.fields(RULE_PAGES[name])
    assert set(twin) == {field.name for field in fields}
    assert all(field.metadata["help"] for field in fields)
    assert "format=json" in browsers["administrator"].get(address)["Link"]


@pytest.mark.parametrize(("deed", "is_dry"), [("dry-run", "yes"), ("run", "no")])
def test_puts_on_record_who_asked_for_a_run(browsers, tidy, deed, is_dry):
    found = rule(tidy, is_on=True)

    browsers["maintainer"].post(f"/retention/{found.pk}/{deed}/")

    event = AuditEvent.objects.get(action="RETENTION_REQUEST")
    assert (event.actor, event.subject) == ("maintainer", "Keep three")
    assert event.details == {"run": str(found.runs.get().pk), "dry": is_dry}
