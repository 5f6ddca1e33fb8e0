"""What each person may see and do."""

import pytest
from django.contrib.auth.models import AnonymousUser

from registryui.accounts.access import access_of
from registryui.accounts.models import Grant, Membership, Team, User
from registryui.accounts.narrowing import narrowed
from tests.people import NAMES, make_people

MINE, ELSEWHERE = ("sample", "library/ubuntu"), ("sample", "private/app")
MAY = {
    # who: sees mine, sees elsewhere, deletes mine, manages mine, deletes elsewhere, reads audit
    "maintainer": (True, False, True, True, False, False),
    "member": (True, False, False, False, False, False),
    "outsider": (False, False, False, False, False, False),
    "auditor": (True, True, False, False, False, True),
    "administrator": (True, True, True, True, True, True),
}


@pytest.fixture
def people(db, settings):
    settings.ANONYMOUS_READ = False
    return make_people()


@pytest.mark.parametrize("name", NAMES)
def test_allows_each_person_what_the_table_says(people, name):
    access = access_of(people[name])

    assert MAY[name] == (
        access.sees(*MINE),
        access.sees(*ELSEWHERE),
        access.may(Grant.Role.DELETE, *MINE),
        access.may(Grant.Role.MANAGE, *MINE),
        access.may(Grant.Role.DELETE, *ELSEWHERE),
        access.reads_audit,
    )


def test_lets_an_auditor_change_nothing_even_in_a_team_that_may(people):
    team = Team.objects.get(slug="maintainers")
    Membership.objects.create(team=team, user=people["auditor"])

    access = access_of(people["auditor"])

    assert not access.may(Grant.Role.DELETE, *MINE)
    assert not access.may_somewhere(Grant.Role.DELETE)


def test_grants_to_nobody_in_particular_count_for_whoever_is_signed_in(people):
    Grant.objects.create(role=Grant.Role.BROWSE, registry="sample", pattern="private/*")

    assert access_of(people["outsider"]).sees(*ELSEWHERE)
    assert not access_of(AnonymousUser()).sees(*ELSEWHERE)


def test_keeps_a_grant_to_its_registry(people):
    Grant.objects.create(role=Grant.Role.DELETE, registry="other", pattern="*")

    access = access_of(people["outsider"])

    assert access.may(Grant.Role.DELETE, "other", "private/app")
    assert access.patterns_in("sample") == ()


def test_shows_everything_to_strangers_where_the_settings_say_so(settings):
    settings.ANONYMOUS_READ = True

    access = access_of(AnonymousUser())

    assert access.sees(*ELSEWHERE)
    assert not access.may(Grant.Role.DELETE, *MINE)
    assert not access.reads_audit


def test_forgets_what_an_inactive_person_could_do(people):
    people["administrator"].is_active = False

    access = access_of(people["administrator"])

    assert not access.is_signed_in
    assert not access.sees(*MINE)


def test_reads_a_member_in_two_queries(people, django_assert_num_queries):
    with django_assert_num_queries(2):
        access_of(people["maintainer"])


@pytest.mark.parametrize(
    ("registry", "pattern", "expected"),
    [
        ("sample", "library/*", True),
        ("sample", "library/ubuntu", True),
        ("*", "library/*", True),
        ("sample", "lib*", False),
        ("sample", "*", False),
    ],
)
def test_manages_a_pattern_only_when_all_of_it_is_granted(people, registry, pattern, expected):
    access = access_of(people["maintainer"])

    assert access.may_throughout(Grant.Role.MANAGE, registry, pattern) is expected


def test_manages_every_registry_only_by_a_grant_for_every_registry(people):
    Grant.objects.update(registry="sample")
    access = access_of(people["maintainer"])

    assert access.may_throughout(Grant.Role.MANAGE, "sample", "library/*")
    assert not access.may_throughout(Grant.Role.MANAGE, "*", "library/*")


@pytest.mark.parametrize("name", ["member", "outsider", "auditor"])
def test_manages_no_pattern_without_a_grant_to_manage(people, name):
    assert not access_of(people[name]).may_throughout(Grant.Role.MANAGE, "sample", "library/*")


@pytest.mark.parametrize(
    ("role", "looks", "deletes"),
    [
        (Grant.Role.BROWSE, False, False),
        (Grant.Role.FILES, True, False),
        (Grant.Role.DELETE, False, True),
        (Grant.Role.MANAGE, True, True),
    ],
)
def test_lets_look_into_images_whom_that_was_granted(people, role, looks, deletes):
    team = Team.objects.create(name="readers", slug="readers")
    Membership.objects.create(team=team, user=people["outsider"])
    Grant.objects.create(team=team, role=role, registry="sample", pattern="private/*")

    access = access_of(people["outsider"])

    assert access.sees(*ELSEWHERE)
    assert access.looks_inside(*ELSEWHERE) is looks
    assert access.may(Grant.Role.FILES, *ELSEWHERE) is looks
    assert access.may(Grant.Role.DELETE, *ELSEWHERE) is deletes
    assert not access.looks_inside(*MINE)


def test_lets_auditors_and_administrators_look_into_every_image(people):
    assert access_of(people["auditor"]).looks_inside(*ELSEWHERE)
    assert access_of(people["administrator"]).looks_inside(*ELSEWHERE)


def test_never_lets_strangers_look_into_images(people, settings):
    settings.ANONYMOUS_READ = True

    assert access_of(AnonymousUser()).sees(*MINE)
    assert not access_of(AnonymousUser()).looks_inside(*MINE)
    assert not access_of(people["outsider"]).looks_inside(*MINE)


@pytest.mark.parametrize("name", ["auditor", "administrator", "maintainer"])
def test_lets_tokens_that_only_read_look_into_images_of_their_pattern(people, name):
    access = narrowed(access_of(people[name]), may_write=False, pattern="library/*")

    assert access.looks_inside(*MINE)
    assert not access.looks_inside(*ELSEWHERE)


@pytest.mark.parametrize("name", ["", "member"])
def test_opens_some_registries_to_everybody(db, settings, name):
    settings.ANONYMOUS_READ = False
    settings.ANONYMOUS_REGISTRIES = ["sample"]
    access = access_of(User.objects.create_user(name) if name else AnonymousUser())

    assert access.sees_all_of("sample")
    assert not access.sees_registry("mine")
    assert not access.manages_all_of("sample")
