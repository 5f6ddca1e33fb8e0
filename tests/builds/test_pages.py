"""The pages of builds, and the parts that other pages load."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from registryui.accounts.access import access_of
from registryui.builds.models import Build
from tests.builds.conftest import COMMIT, builds_of
from tests.catalog.search.rows import NOW, digest_of, make_image, make_index, make_repository

PAGE = "/r/main/library/nginx/-/builds/"
EVIL = '<script>alert(1)</script>"\u202e'


def make_build(registry, number=0, **columns):
    values = {
        "repository": "library/nginx",
        "learned": "REPORTED",
        "external_id": str(number),
        "state": "SUCCEEDED",
        "reported_by": "ci",
        "reported_at": NOW,
        "happened_at": NOW + timedelta(minutes=number),
        **columns,
    }
    return Build.objects.create(registry=registry, **values)


@pytest.fixture
def member(browser):
    return browser("member")


def test_list_the_newest_first_and_narrow_by_state_and_branch(repository, main, member):
    for number, (state, branch) in enumerate(
        [("FAILED", "main"), ("SUCCEEDED", "main"), ("RUNNING", "topic")]
    ):
        make_build(main, number, state=state, branch=branch)

    assert [each["id"] for each in builds_of(member)] == ["2", "1", "0"]
    assert [each["id"] for each in builds_of(member, branch="main")] == ["1", "0"]
    assert [each["id"] for each in builds_of(member, branch="main", state="failed")] == ["0"]
    assert builds_of(member, branch="none") == []
    assert len(builds_of(member, state="nonsense")) == 3
    assert "No build matches" in member.get(PAGE, {"branch": "none"}).text


def test_say_the_state_in_word_and_shape(repository, main, member):
    for number, state in enumerate(Build.State.values):
        make_build(main, number, state=state)

    text = member.get(PAGE).text

    for state in Build.State:
        assert re.search(rf'class="chip[^"]*"><svg.*?</svg>{state.label}<', text, re.DOTALL)


def test_lead_to_tags_images_commits_and_logs(repository, main, member):
    image = make_image(repository, "one", tags=["1.0"])
    make_build(
        main,
        source="https://github.example/a/b.git",
        commit=COMMIT,
        log_url="https://ci.example/7",
        tags=["1.0", "0.9"],
        digest=image.digest,
        started_at=NOW,
        finished_at=NOW + timedelta(seconds=95),
    )

    [build] = builds_of(member)

    assert build["tags"] == [
        {"text": "1.0", "url": "/r/main/library/nginx/-/tags/1.0/"},
        {"text": "0.9", "url": ""},
    ]
    assert build["digest_url"] == f"/r/main/library/nginx/-/manifests/{image.digest}/"
    assert build["commit_url"] == f"https://github.example/a/b/commit/{COMMIT}"
    assert build["took_seconds"] == 95
    text = member.get(PAGE).text
    assert COMMIT[:9] in text
    assert 'href="https://ci.example/7"' in text


def test_say_how_to_report_when_there_is_nothing(repository, member):
    text = member.get(PAGE).text

    assert "No builds are known" in text
    assert "curl http://testserver/api/builds/" in text
    assert "&quot;library/nginx&quot;" in text


def test_show_hostile_texts_as_texts(repository, main, member):
    columns = ("source", "branch", "builder", "dockerfile", "reported_by")
    image = make_image(repository, "one", tags=["1.0"])
    make_build(main, **dict.fromkeys(columns, EVIL), tags=[EVIL], digest=image.digest)

    for address in (PAGE, f"/r/main/library/nginx/-/manifests/{image.digest}/built-from/"):
        text = member.get(address).text

        assert "<script>alert" not in text
        assert "\u202e" not in re.sub(r'(title|value)="[^"]*"', "", text)


def test_cost_the_same_queries_at_ten_thousand_builds(
    repository, main, member, django_assert_max_num_queries
):
    Build.objects.bulk_create(
        [
            Build(
                registry=main, repository="library/nginx", learned="REPORTED",
                external_id=str(number), state="SUCCEEDED", branch=f"branch-{number % 7}",
                tags=[str(number)], reported_at=NOW, happened_at=NOW + timedelta(minutes=number),
            )
            for number in range(10_000)
        ]
    )  # fmt: skip
    make_image(repository, "one", tags=["9999"])

    with django_assert_max_num_queries(14):
        page = member.get(PAGE, {"page": "200", "format": "json"}).json()

    assert page["pagination"]["total"] == 10_000
    assert page["builds"][-1]["id"] == "0"
    assert len(page["branches"]) == 7


def test_answer_htmx_with_the_table_alone(repository, main, member):
    make_build(main)

    text = member.get(PAGE, headers={"HX-Request": "true"}).text

    assert text.strip().startswith('<section id="build-table"')
    assert "<html" not in text


def test_offer_the_badge_to_managers_alone(repository, browser):
    assert "/-/builds/badge/" in browser("maintainer").get(PAGE).text
    assert "/-/builds/badge/" not in browser("member").get(PAGE).text


def test_are_linked_from_the_repository_with_the_newest_state(repository, main, member):
    make_build(main, 1, state="FAILED")
    make_build(main, 0)

    text = member.get("/r/main/library/nginx/").text
    part = member.get(f"{PAGE}newest/", headers={"HX-Request": "true"}).text

    assert f'href="{PAGE}"' in text
    assert f'hx-get="{PAGE}newest/"' in text
    assert part.strip().startswith('<span id="newest-build">')
    assert "failed" in part


def built_from(client, digest):
    address = f"/r/main/library/nginx/-/manifests/{digest}/built-from/"
    return client.get(address, {"format": "json"}).json()["build"]


def test_tell_what_an_image_and_its_platforms_were_built_from(repository, main, member):
    child = make_image(repository, "child", platform="linux/amd64")
    index = make_index(repository, "index", [child], tags=["1.0"])
    make_build(main, digest=index.digest, source="https://git.example/a/b", branch="main")

    for digest in (index.digest, child.digest):
        assert built_from(member, digest)["branch"] == "main"
    text = member.get(f"/r/main/library/nginx/-/manifests/{child.digest}/built-from/").text
    assert "git.example/a/b" in text
    assert "not verified" in text


def test_tell_of_an_index_what_was_reported_of_its_platform(repository, main, member):
    child = make_image(repository, "child")
    index = make_index(repository, "index", [child], tags=["1.0"])
    make_build(main, digest=child.digest)

    assert built_from(member, index.digest)["id"] == "0"


def test_believe_reports_before_claims(repository, main, member):
    image = make_image(repository, "one", tags=["1.0"])
    make_build(main, digest=image.digest, learned="LABELS", happened_at=NOW + timedelta(days=1))
    make_build(main, digest=image.digest)

    assert built_from(member, image.digest)["origins"][0]["learned"] == "REPORTED"


def test_say_so_when_nobody_tells(repository, member):
    image = make_image(repository, "one", tags=["1.0"])

    assert built_from(member, image.digest) is None
    text = member.get(f"/r/main/library/nginx/-/manifests/{image.digest}/built-from/").text
    assert "neither CI nor the image tells" in text


def test_tell_nothing_of_images_that_the_repository_does_not_have(repository, main, member):
    hidden = make_image(make_repository(main, "private/app"), "hidden", tags=["1.0"])

    address = f"/r/main/library/nginx/-/manifests/{hidden.digest}/built-from/"

    assert member.get(address).status_code == 404
    never = address.replace(hidden.digest, digest_of("never"))
    assert member.get(never).status_code == 404


def test_tell_of_no_image_before_the_index_knows_the_repository(main, member):
    make_build(main, digest=digest_of("one"))

    assert len(builds_of(member)) == 1
    address = f"/r/main/library/nginx/-/manifests/{digest_of('one')}/built-from/"
    assert member.get(address).status_code == 404


def test_are_hidden_with_their_repository(repository, main, people, browser):
    make_build(main)

    assert Build.objects.visible_to(access_of(people["member"])).count() == 1
    assert Build.objects.visible_to(access_of(people["outsider"])).count() == 0
    assert browser("outsider").get(PAGE).status_code == 404
    assert Client().get(PAGE).status_code == 302
