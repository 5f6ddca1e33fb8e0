"""Who may compare what: what one may not see does not exist, and files are for few."""

import pytest
from django.test import Client

from registryui.accounts.models import Grant
from registryui.catalog.models import Registry, Repository
from registryui.comparison.models import FileComparison
from tests.comparison.pages import A, B, address, compared, full_of_packages, work_through
from tests.contents.archives import tar
from tests.contents.site import SLUG, Made, twin
from tests.people import make_people

OTHER = f"{SLUG}/platform/api:v1"


@pytest.fixture
def people(site):
    full_of_packages(site)
    site.push(Made(tar(("app", b"1"))), name="platform/api", tag="v1")
    site.index()
    return make_people()


@pytest.fixture
def visitor(people, settings):
    settings.ANONYMOUS_READ = False

    def sign_in(name):
        client = Client()
        if name:
            client.force_login(people[name])
        return client

    return sign_in


STATUSES = {
    ("", "mine"): (302, 302),
    ("outsider", "mine"): (404, 404),
    ("member", "mine"): (200, 404),
    ("maintainer", "mine"): (200, 303),
    ("auditor", "mine"): (200, 303),
    ("administrator", "mine"): (200, 303),
    ("", "others"): (302, 302),
    ("outsider", "others"): (404, 404),
    ("member", "others"): (404, 404),
    ("maintainer", "others"): (404, 404),
    ("auditor", "others"): (200, 303),
    ("administrator", "others"): (200, 303),
}


@pytest.mark.parametrize(("who", "which"), STATUSES)
def test_answers_each_as_the_grants_say(visitor, who, which):
    there = address() if which == "mine" else address(b=OTHER)
    client = visitor(who)

    assert (client.get(there).status_code, client.post(there).status_code) == STATUSES[who, which]
    assert client.get(f"{there}&format=json").status_code in (401, STATUSES[who, which][0])


def test_says_the_same_of_what_is_not_there_and_of_what_one_may_not_see(visitor):
    member = visitor("member")

    hidden = twin(member, "/compare/", a=A, b=OTHER)
    missing = twin(member, "/compare/", a=A, b=f"{SLUG}/platform/none:v1")

    assert hidden["errors"] == [missing["errors"][0].replace("/none:", "/api:")]
    assert {**hidden, "b": "", "errors": []} == {**missing, "b": "", "errors": []}


def test_shows_files_and_packages_only_to_who_may_look_inside_both(visitor, people):
    visitor("administrator").post(address())
    work_through()

    page = compared(visitor("member"))
    assert (page["files"]["state"], page["packages"], page["is_inside"]) == ("HIDDEN", None, False)
    assert (page["first"]["files"], page["files"]["rows"]) == (None, [])
    assert "grant of its own" in visitor("member").get(address()).text
    assert compared(visitor("maintainer"))["packages"]["changed"] == 1

    Grant.objects.create(
        team=people["maintainer"].memberships.get().team,
        role=Grant.Role.BROWSE,
        pattern="platform/*",
    )
    page = compared(visitor("maintainer"), b=OTHER)
    assert (page["files"]["state"], page["packages"]) == ("HIDDEN", None)


def test_lets_strangers_compare_what_everybody_may_read_but_no_files(visitor, settings):
    settings.ANONYMOUS_READ = True

    page = compared(visitor(""))

    assert page["files"]["state"] == "HIDDEN"
    assert visitor("").post(address()).status_code in (302, 404)
    assert not FileComparison.objects.exists()


@pytest.mark.parametrize(
    "name",
    ["", "junk", "a/b/c/../d:v1", f"{SLUG}/library/app@sha256:1", "\0/x:y", "x" * 5000, "é/é:é"],
)
def test_answers_junk_with_the_form(visitor, name):
    client = visitor("administrator")

    answer = client.get("/compare/", {"a": A, "b": name})

    assert answer.status_code == (404 if name else 200)
    assert '<input id="compare-b"' in answer.text


@pytest.mark.parametrize(
    "written",
    [
        f" {B} ",
        "registry.example/library/app:v2",
        f"{SLUG}/library/app:ignored@{{digest}}",
    ],
)
def test_leads_to_the_canonical_address(visitor, written):
    Registry.objects.update(client_host="registry.example")
    digest = Repository.objects.get(name="library/app").tags.get(name="v2").manifest.digest
    client = visitor("administrator")

    answer = client.get("/compare/", {"a": A, "b": written.format(digest=digest), "format": "json"})

    expected = f"{SLUG}/library/app@{digest}" if "{digest}" in written else B
    assert answer.headers["Location"] == f"/compare/?a={A}&b={expected}&format=json"
    assert client.get(answer.headers["Location"]).json()["second"]["name"] == expected


def test_takes_a_name_without_a_tag_for_latest(visitor, site):
    site.push(Made(tar(("x", b""))), tag="latest")
    site.index()

    answer = visitor("administrator").get("/compare/", {"a": A, "b": f"{SLUG}/library/app"})

    assert answer.headers["Location"].endswith(f"&b={SLUG}/library/app:latest")


def test_leads_from_two_selected_rows_to_their_comparison(visitor):
    client = visitor("member")
    html = client.get(f"/r/{SLUG}/library/app/").text
    assert 'formaction="/compare/" name="in" value="sample/library/app"' in html
    assert html.count('type="checkbox" form="choose"') == 2

    answer = client.get("/compare/", {"in": f"{SLUG}/library/app", "tag": ["v2", "v1"]})
    assert answer.headers["Location"] == f"/compare/?a={A}&b={B}"

    one = twin(client, "/compare/", **{"in": f"{SLUG}/library/app", "tag": "v2"})
    assert (one["a"], one["errors"]) == (B, [])
    three = twin(client, "/compare/", **{"in": f"{SLUG}/library/app", "tag": ["a", "b", "c"]})
    assert three["errors"] == ["Select two rows to compare; 3 were selected."]


def test_is_linked_from_a_tag_and_a_manifest(visitor):
    client = visitor("member")

    assert f'href="/compare/?a={A}"' in client.get(f"/r/{SLUG}/library/app/-/tags/v1/").text
    digest = Repository.objects.get(name="library/app").tags.get(name="v1").manifest.digest
    html = client.get(f"/r/{SLUG}/library/app/-/manifests/{digest}/").text
    assert f'href="/compare/?a={SLUG}/library/app@{digest}"' in html
