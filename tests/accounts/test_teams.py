"""Teams and what they are granted."""

import pytest

from registryui.accounts.models import Grant, Membership, Team
from registryui.declarations import Declaration

DELETE = {"role": "DELETE", "registry": "sample", "pattern": "team-a/*"}
WORDS = "Members of members may browse and delete team-a/* in sample."


@pytest.fixture
def administrator(client, people, settings):
    """Return a client that the administrator signed in with."""
    settings.REGISTRIES = (Declaration(slug="sample", url="http://127.0.0.1:1"),)
    client.force_login(people["administrator"])
    return client


def test_makes_a_team(administrator, told):
    response = administrator.post("/teams/", {"name": "Team Ä & B", "external_group": "cn=b"})

    team = Team.objects.get(name="Team Ä & B")
    assert response["Location"] == f"/teams/{team.slug}/"
    assert (team.slug, team.external_group) == ("team-a-b", "cn=b")
    assert told[-1]["detail"] == "made team Team Ä & B"


@pytest.mark.parametrize("name", ["", "Everybody", "members", "Members!", "日本", "x" * 101])
def test_makes_no_team_under_a_bad_name(administrator, name):
    response = administrator.post("/teams/", {"name": name})

    assert 'class="error"' in response.content.decode()
    assert Team.objects.count() == 2


def test_keeps_the_address_when_a_team_is_renamed(administrator):
    administrator.post("/teams/members/change/", {"name": "Readers", "external_group": ""})

    assert Team.objects.get(slug="members").name == "Readers"


def test_puts_somebody_into_a_team_and_takes_them_out(administrator, people):
    administrator.post("/teams/members/members/add/", {"username": "Outsider"})
    assert people["outsider"].teams.get().slug == "members"

    administrator.post(f"/teams/members/members/{people['outsider'].pk}/remove/")
    assert not people["outsider"].teams.exists()


def test_leaves_to_the_service_whom_the_service_put_there(administrator, people):
    Membership.objects.update(source=Membership.Source.EXTERNAL)

    response = administrator.post(f"/teams/members/members/{people['member'].pk}/remove/")

    assert response.status_code == 404
    assert people["member"].teams.exists()


def test_says_who_is_not_known(administrator):
    response = administrator.post("/teams/members/members/add/", {"username": "nobody"})

    assert "Nobody has this name" in response.content.decode()


def test_says_what_a_grant_would_allow_before_it_is_made(administrator, told):
    preview = administrator.get("/teams/members/grants/add/", {**DELETE, "format": "json"}).json()

    assert preview["explanation"] == WORDS
    assert {each["name"]: each["value"] for each in preview["form"]["fields"]} == DELETE
    assert not Grant.objects.filter(role="DELETE").exists()
    administrator.post("/teams/members/grants/add/", DELETE)
    assert Grant.objects.filter(role="DELETE", team__slug="members").count() == 1
    assert told[-1]["detail"] == f"granted: {WORDS}"


@pytest.mark.parametrize(
    "changes", [{"role": "OWN"}, {"registry": "elsewhere"}, {"pattern": "a b"}, {"pattern": ""}]
)
def test_grants_nothing_that_makes_no_sense(administrator, changes):
    before = Grant.objects.count()

    response = administrator.post("/teams/members/grants/add/", {**DELETE, **changes})

    assert 'class="error"' in response.content.decode()
    assert Grant.objects.count() == before


def test_grants_the_same_once(administrator):
    for _ in range(2):
        administrator.post("/teams/everybody/grants/add/", DELETE)

    assert Grant.objects.get(team=None).pattern == "team-a/*"


def test_ends_a_grant(administrator, told):
    grant = Grant.objects.get(team__slug="members")

    administrator.post(f"/teams/members/grants/{grant.pk}/remove/")

    assert not Grant.objects.filter(pk=grant.pk).exists()
    assert told[-1]["detail"] == "ended: Members of members may browse library/* in all registries."


def test_ends_no_grant_of_another_team(administrator):
    grant = Grant.objects.get(team__slug="members")

    response = administrator.post(f"/teams/everybody/grants/{grant.pk}/remove/")

    assert response.status_code == 404


def test_says_what_is_lost_with_a_team(administrator, people):
    page = administrator.get("/teams/members/delete/").content.decode()

    administrator.post("/teams/members/delete/")

    assert "People in it: 1" in page
    assert not people["member"].teams.exists()
    assert not Grant.objects.filter(pattern="library/*", role="BROWSE").exists()


def test_shows_a_team_to_its_members_without_what_they_cannot_do(client, people):
    client.force_login(people["member"])

    page = client.get("/teams/members/?format=json").json()

    assert [each["name"] for each in page["members"]] == ["member"]
    assert page["member_form"] is page["grant_form"] is page["settings_form"] is None
    assert page["delete_url"] == page["members"][0]["remove_url"] == ""
    assert page["grants"][0]["remove_url"] == ""
    assert page["crumbs"] == [{"text": "Account", "url": "/account/"}]


@pytest.mark.parametrize(("name", "status"), [("outsider", 404), ("auditor", 200)])
def test_shows_a_team_to_auditors_and_to_no_stranger(client, people, name, status):
    client.force_login(people[name])

    assert client.get("/teams/members/").status_code == status


def test_shows_all_teams_in_few_queries(administrator, django_assert_max_num_queries):
    for number in range(10):
        Team.objects.create(name=f"Team {number}", slug=f"team-{number}")

    with django_assert_max_num_queries(7):
        page = administrator.get("/teams/?format=json").json()

    assert len(page["teams"]) == 13
