"""The page of a plan, and its confirmation."""

from typing import Any

import pytest

from registryui.audit.models import AuditEvent
from registryui.deletion.models import Operation, ProtectionRule, Step
from registryui.jobs.api import Job
from registryui.sample import builder
from tests.deletion.pages.conftest import NAME, PATH, PLAN
from tests.sync.conftest import NOON


def plan_of(client: Any, query: str) -> Any:
    """Return the plan of a selection, as JSON."""
    return client.get(f"{PLAN}?{query}&format=json").json()


def form_of(plan: Any, **more: str) -> dict[str, Any]:
    """Return what the page's form would send."""
    fields: dict[str, Any] = {}
    for field in plan["confirmation"]["fields"]:
        fields.setdefault(field["name"], []).append(field["value"])
    return {**fields, **more}


def kinds(plan: Any, kind: str) -> list[str]:
    return [each["text"] for each in plan["sentences"] if each["kind"] == kind]


def test_says_what_goes(maintainer, shelf):
    plan = plan_of(maintainer, "tag=rc1&tag=1.0")

    assert plan["title"] == "Delete 2 tags"
    assert kinds(plan, "GOES") == [
        "1.0 and rc1 are deleted.",
        "2 manifests go, too, because nothing else leads to them: 2 × OCI image.",
    ]
    assert [tag["way"] for tag in plan["tags"]] == ["REMOVE", "REMOVE"]
    assert plan["confirmation"]["word"] == ""


def test_says_what_else_points_to_the_image(maintainer, shelf):
    plan = plan_of(maintainer, "tag=2.0")

    assert plan["tags"][0]["words"] == (
        "replaced first, then what replaced it is deleted; the image stays under latest"
    )


def test_says_that_the_tag_alone_goes(maintainer, shelf):
    shelf.knows(tags=True)

    assert plan_of(maintainer, "tag=2.0")["tags"][0]["words"] == (
        "the tag alone; the image stays under latest"
    )


def test_says_why_a_tag_stays(maintainer, shelf):
    shelf.knows(pushes=False)

    plan = plan_of(maintainer, "tag=2.0&tag=rc1")

    assert kinds(plan, "STAYS") == ["2.0 is kept."]
    assert "latest points to the same digest" in plan["tags"][0]["words"]
    assert plan["title"] == "Delete rc1"


def test_says_what_is_missing(maintainer, shelf):
    plan = plan_of(maintainer, "tag=never&tag=rc1")

    assert "never is not there, or not any more." in kinds(plan, "NOTE")


def test_says_which_rule_protects_a_tag(maintainer, shelf):
    ProtectionRule.objects.create(tag="rc*", reason="We ship it.", created_at=NOON)

    plan = plan_of(maintainer, "tag=rc1")

    assert plan["confirmation"] is None
    assert plan["refusal"] == "It is protected: rc* in * (We ship it.)."


def test_plans_one_tag_at_an_address_of_its_own(maintainer, shelf):
    page = maintainer.get(f"{PATH}-/tags/rc1/delete/")

    assert "Delete rc1" in page.text
    assert f'action="{PLAN}"' in page.text


def test_offers_the_test_of_an_untested_registry(maintainer, shelf):
    from registryui.catalog.models import Registry

    Registry.objects.update(deletion_tested_at=None)

    html = maintainer.get(f"{PLAN}?tag=rc1").text

    assert "Nobody has tested yet" in html
    assert f'action="{PLAN}test/"' in html
    assert 'name="fingerprint"' not in html


def test_says_that_nothing_is_ever_changed_when_read_only(maintainer, shelf, settings):
    settings.READ_ONLY = True

    html = maintainer.get(f"{PLAN}?tag=rc1").text

    assert "runs read-only" in html
    assert 'name="fingerprint"' not in html


def test_says_that_nothing_was_selected(maintainer, shelf):
    assert "Nothing was selected" in maintainer.get(PLAN).text
    assert "Nothing was selected" in maintainer.get(f"{PLAN}?but=1").text


def test_plans_all_but_what_was_selected(maintainer, shelf):
    plan = plan_of(maintainer, f"but=1&digest={shelf.digest_of('latest')}")

    assert [tag["name"] for tag in plan["tags"]] == ["1.0", "rc1"]
    assert plan["confirmation"]["word"] == NAME


def test_plans_all_that_match(maintainer, shelf):
    plan = plan_of(maintainer, "all=1&q=.0")

    assert [tag["name"] for tag in plan["tags"]] == ["1.0", "2.0"]


def test_escapes_what_comes_from_the_address(maintainer, shelf):
    html = maintainer.get(f"{PLAN}?tag=<script>alert(1)</script>").text

    assert "<script>alert" not in html


def test_folds_what_is_beyond_fifty_tags(maintainer, shelf):
    digest = builder.image(shelf.sync.sample, NAME, layers=7)
    for number in range(60):
        builder.retag(shelf.sync.sample, NAME, f"many-{number}", digest)
    shelf.read()

    plan = plan_of(maintainer, "all=1&q=many")
    html = maintainer.get(f"{PLAN}?all=1&q=many").text

    assert (len(plan["tags"]), len(plan["folded"])) == (50, 10)
    assert "10 more tags" in html
    assert all(f">many-{number}</a>" in html for number in range(60))


def test_costs_the_same_however_many_tags_there_are(
    maintainer, shelf, django_assert_max_num_queries
):
    costs = []
    for count in (5, 500):
        for number in range(count):
            builder.image(
                shelf.sync.sample, NAME, f"n{count}-{number}", config={"author": f"{number}"}
            )
        shelf.read()
        with django_assert_max_num_queries(40) as asked:
            maintainer.get(f"{PLAN}?all=1&q=n{count}-")
        costs.append(len(asked))

    # Four names that a signature of each might have are looked up, 500 with one query.
    assert costs[1] <= costs[0] + 3


def test_begins_what_was_confirmed(maintainer, shelf):
    response = maintainer.post(PLAN, form_of(plan_of(maintainer, "tag=rc1")))

    operation = Operation.objects.get()
    assert (response.status_code, response["Location"]) == (303, f"/operations/{operation.pk}/")
    assert (operation.kind, operation.actor_name) == ("DELETE", "maintainer")
    assert operation.actor["teams"] == ["maintainers"]
    assert operation.freed_bytes > 0
    assert list(Step.objects.values_list("kind", "digest")) == [("REMOVE", shelf.digest_of("rc1"))]
    assert Job.objects.filter(state="WAITING").exists()


def test_logs_what_was_confirmed(maintainer, shelf):
    maintainer.post(PLAN, form_of(plan_of(maintainer, "tag=rc1")))

    event = AuditEvent.objects.get(action="PLAN_CONFIRM")
    assert (event.actor, event.repository, event.subject) == ("maintainer", NAME, "rc1")
    assert event.details["operation"] == str(Operation.objects.get().pk)


@pytest.mark.parametrize("what", ["moved", "new sibling", "gone"])
def test_shows_the_plan_again_when_it_changed(maintainer, shelf, what):
    form = form_of(plan_of(maintainer, "tag=rc1"))
    if what == "moved":
        builder.image(shelf.sync.sample, NAME, "rc1", layers=9)
    elif what == "new sibling":
        rc1 = shelf.sync.sample.store.open(NAME).tags()["rc1"]
        builder.retag(shelf.sync.sample, NAME, "sibling", rc1)
    else:
        shelf.sync.sample.store.open(NAME).untag("rc1")
    shelf.read()

    response = maintainer.post(PLAN, form)

    expected = {
        "moved": "rc1 points to ",
        "new sibling": "another way",
        "gone": "rc1 would not be deleted any more",
    }
    assert response.status_code == 409
    assert "It changed since you looked" in response.text
    assert expected[what] in response.text
    assert not Operation.objects.exists()


def test_does_what_is_shown_after_a_change(maintainer, shelf):
    form = form_of(plan_of(maintainer, "tag=rc1"))
    builder.image(shelf.sync.sample, NAME, "rc1", layers=9)
    shelf.read()

    again = maintainer.post(f"{PLAN}?format=json", form).json()
    response = maintainer.post(PLAN, form_of(again))

    assert response.status_code == 303


def test_does_nothing_without_a_fingerprint(maintainer, shelf):
    response = maintainer.post(PLAN, {"tag": "rc1"})

    assert response.status_code == 409
    assert not Operation.objects.exists()


def test_wants_the_digest_typed_for_an_image_with_several_tags(maintainer, shelf):
    digest = shelf.digest_of("latest")
    form = form_of(plan_of(maintainer, f"digest={digest}"))
    word = digest.partition(":")[2][:12]

    refused = maintainer.post(PLAN, {**form, "confirm": "latest"})
    done = maintainer.post(PLAN, {**form, "confirm": word})

    assert refused.status_code == 422
    assert f"type exactly: {word}" in refused.text
    assert done.status_code == 303


def test_wants_the_name_typed_for_all(maintainer, shelf):
    form = form_of(plan_of(maintainer, "all=1"))

    assert maintainer.post(PLAN, form).status_code == 422
    assert maintainer.post(PLAN, {**form, "confirm": NAME}).status_code == 303


def test_lets_an_administrator_delete_a_protected_tag_who_types(visitor, shelf):
    ProtectionRule.objects.create(tag="rc*", created_at=NOON)
    administrator = visitor("administrator")
    form = form_of(plan_of(administrator, "tag=rc1"))

    assert administrator.post(PLAN, form).status_code == 422
    assert administrator.post(PLAN, {**form, "confirm": NAME}).status_code == 303


def test_deletes_nothing_for_a_link(maintainer, shelf):
    form = form_of(plan_of(maintainer, "tag=rc1"))

    assert maintainer.get(PLAN, form).status_code == 200
    assert maintainer.put(PLAN).status_code == 405
    assert not Operation.objects.exists()


def test_wants_the_forms_secret(maintainer, shelf):
    form = form_of(plan_of(maintainer, "tag=rc1"))
    maintainer.handler.enforce_csrf_checks = True

    assert maintainer.post(PLAN, form).status_code == 403
    assert not Operation.objects.exists()


def test_refuses_a_confirmation_when_read_only(maintainer, shelf, settings):
    form = form_of(plan_of(maintainer, "tag=rc1"))
    settings.READ_ONLY = True

    assert maintainer.post(PLAN, form).status_code == 409
    assert not Operation.objects.exists()
