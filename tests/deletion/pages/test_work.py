"""From the selection to the result and back: what the forms begin, a worker does."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from registryui.accounts.models import Grant, Membership, Team, User
from registryui.audit.models import AuditEvent
from registryui.catalog.models import Registry
from registryui.deletion.models import Operation, ProtectionRule
from tests.deletion.conftest import APP, NOON, Site
from tests.deletion.pages.test_plan import form_of

PATH = f"/r/default/{APP}/"
PLAN = f"{PATH}-/delete/"
COPY = f"{PATH}-/copy/"


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    """Stop the clock of the pages where the worker's stands."""
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def maintainer(site: Site) -> Client:
    """Return the browser of somebody who may delete in the repository, its images indexed."""
    site.image("2.0", "latest", layers=2)
    site.image("rc1", layers=4)
    site.crawl()
    user = User.objects.create_user("maria")
    team = Team.objects.create(name="team", slug="team")
    Membership.objects.create(team=team, user=user)
    Grant.objects.create(team=team, role=Grant.Role.DELETE, pattern="team/*")
    client = Client()
    client.force_login(user)
    return client


def seen(client: Client, address: str) -> Any:
    """Return a page's JSON twin."""
    return client.get(f"{address}{'&' if '?' in address else '?'}format=json").json()


def delete(client: Client, site: Site, query: str) -> str:
    """Plan, confirm and work off; return the address of the operation."""
    response = client.post(PLAN, form_of(seen(client, f"{PLAN}?{query}")))
    assert response.status_code == 303
    site.work()
    return response["Location"]


def test_tests_what_the_registry_can_do_and_comes_back_to_the_plan(maintainer, site):
    before = seen(maintainer, f"{PLAN}?tag=rc1")

    response = maintainer.post(f"{PLAN}test/", {"selection": before["selection"]})

    assert (response.status_code, response["Location"]) == (303, f"{PLAN}?tag=rc1")
    after = seen(maintainer, response["Location"])
    assert (before["title"], after["title"]) == ("Nothing can be deleted yet", "Delete rc1")
    assert {event.actor for event in AuditEvent.objects.filter(action="DELETION_TEST")} == {"maria"}


def test_says_why_the_registry_could_not_be_tested(maintainer, site, settings):
    settings.REGISTRIES = ()  # somebody took it out of the settings since

    response = maintainer.post(f"{PLAN}test/", {"selection": "tag=rc1"})

    assert response.status_code == 502
    assert "The registry could not be tested." in response.text
    assert Registry.objects.get().deletion_tested_at is None


def test_does_not_test_for_a_link(maintainer, site):
    assert maintainer.get(f"{PLAN}test/").status_code == 405


def test_deletes_shows_and_undoes(maintainer, site):
    site.test()
    address = delete(maintainer, site, "tag=rc1")
    done = seen(maintainer, address)

    assert done["outcome"]["state"] == "DONE"
    assert "rc1" not in site.sample.store.open(APP).tags()
    plan = seen(maintainer, done["undo_url"])
    assert plan["title"] == "Put back rc1"
    response = maintainer.post(plan["url"], {"fingerprint": plan["fingerprint"]})
    site.work()

    assert seen(maintainer, response["Location"])["outcome"]["state"] == "DONE"
    assert "rc1" in site.sample.store.open(APP).tags()
    assert seen(maintainer, address)["restored_by"][0]["url"] == response["Location"]


def test_does_not_undo_what_changed_meanwhile(maintainer, site):
    site.test()
    done = seen(maintainer, delete(maintainer, site, "tag=rc1"))
    plan = seen(maintainer, done["undo_url"])
    site.image("rc1", layers=7)
    site.crawl()

    response = maintainer.post(plan["url"], {"fingerprint": plan["fingerprint"]})

    assert response.status_code == 409
    assert "It changed since you looked" in response.text
    assert "by now, and stays" in response.text
    assert Operation.objects.count() == 1


def test_does_not_undo_for_a_link_or_without_a_fingerprint(maintainer, site):
    site.test()
    done = seen(maintainer, delete(maintainer, site, "tag=rc1"))

    assert maintainer.get(done["undo_url"]).status_code == 200
    assert maintainer.post(done["undo_url"]).status_code == 409
    assert Operation.objects.count() == 1


def test_says_until_what_it_can_be_undone(maintainer, site):
    site.test()
    done = seen(maintainer, delete(maintainer, site, "tag=rc1"))

    html = maintainer.get(done["undo_url"]).text

    assert "as long as the registry&#x27;s garbage collection has not taken the layers" in html


def test_undoes_nothing_when_read_only(maintainer, site, settings):
    site.test()
    done = seen(maintainer, delete(maintainer, site, "tag=rc1"))
    plan = seen(maintainer, done["undo_url"])
    settings.READ_ONLY = True

    response = maintainer.post(done["undo_url"], {"fingerprint": plan["fingerprint"]})

    assert response.status_code == 409
    assert "runs read-only" in response.text
    assert seen(maintainer, done["url"])["undo_url"] == ""


def test_tells_of_a_gone_tag_who_deleted_it(maintainer, site):
    site.test()
    address = delete(maintainer, site, "tag=rc1")

    gone = maintainer.get(f"{PATH}-/tags/rc1/")
    part = maintainer.get(f"{PATH}-/tags/rc1/deleted/", headers={"HX-Request": "true"}).text

    assert gone.status_code == 410
    assert f'hx-get="{PATH}-/tags/rc1/deleted/"' in gone.text
    assert part.strip().startswith('<div id="tag-deleted"')
    assert "Deleted here by maria" in part
    assert f'href="{address}"' in part
    assert f'href="{address}undo/"' in part


def test_says_of_a_gone_tag_that_it_was_not_deleted_here(maintainer, site):
    site.sample.store.open(APP).untag("rc1")
    site.crawl()

    assert "not deleted from here" in maintainer.get(f"{PATH}-/tags/rc1/deleted/").text


def test_finds_who_deleted_one_of_several_tags(maintainer, site):
    site.test()
    address = delete(maintainer, site, "tag=latest")

    page = seen(maintainer, f"{PATH}-/tags/latest/deleted/")

    assert page["url"] == address


def digest_of(site: Site, tag: str) -> str:
    return str(site.sample.store.open(APP).tags()[tag])


def test_copies_to_a_new_tag(maintainer, site):
    digest = digest_of(site, "rc1")
    form = maintainer.get(f"{COPY}?digest={digest}").text

    response = maintainer.post(COPY, {"digest": digest, "tag": "3.0"})
    site.work()

    assert f'name="digest" value="{digest}"' in form
    assert response.status_code == 303
    assert seen(maintainer, response["Location"])["outcome"]["state"] == "DONE"
    assert digest_of(site, "3.0") == digest


@pytest.mark.parametrize("tag", ["", "-x", "a b", "<b>", "x" * 129])
def test_refuses_what_is_no_tag(maintainer, site, tag):
    response = maintainer.post(COPY, {"digest": digest_of(site, "rc1"), "tag": tag})

    assert response.status_code == 422
    assert "A tag has letters" in response.text
    assert "<b>&" not in response.text
    assert not Operation.objects.exists()


def test_moves_a_tag_only_when_told_to(maintainer, site):
    digest, before = digest_of(site, "rc1"), digest_of(site, "latest")

    asked = maintainer.post(COPY, {"digest": digest, "tag": "latest"})
    moved = maintainer.post(COPY, {"digest": digest, "tag": "latest", "move": "1", "seen": before})
    site.work()

    assert asked.status_code == 422
    assert f'name="seen" value="{before}"' in asked.text
    assert moved.status_code == 303
    assert digest_of(site, "latest") == digest
    assert seen(maintainer, moved["Location"])["undo_url"]


def test_does_not_move_a_tag_that_moved_meanwhile(maintainer, site):
    digest = digest_of(site, "rc1")

    response = maintainer.post(
        COPY, {"digest": digest, "tag": "latest", "move": "1", "seen": digest}
    )

    assert response.status_code == 422


def test_does_not_move_a_protected_tag(maintainer, site):
    ProtectionRule.objects.create(tag="latest", created_at=NOON)
    digest, before = digest_of(site, "rc1"), digest_of(site, "latest")

    response = maintainer.post(
        COPY, {"digest": digest, "tag": "latest", "move": "1", "seen": before}
    )

    assert response.status_code == 422
    assert "latest is protected" in response.text


def test_copies_nothing_that_is_not_there(maintainer, site):
    for digest in ("", "nonsense", "sha256:" + "0" * 64):
        assert maintainer.get(COPY, {"digest": digest}).status_code == 404


def test_copies_nothing_when_read_only(maintainer, site, settings):
    settings.READ_ONLY = True
    digest = digest_of(site, "rc1")

    assert "runs read-only" in maintainer.get(f"{COPY}?digest={digest}").text
    assert maintainer.post(COPY, {"digest": digest, "tag": "3.0"}).status_code == 422
