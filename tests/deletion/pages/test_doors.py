"""Who may come to the pages that change a repository."""

import pytest

from registryui.deletion.models import Operation
from tests.deletion.pages.conftest import PATH, PLAN

GUARDED = {
    "plan": PLAN,
    "plan of a tag": f"{PATH}-/tags/rc1/delete/",
    "copy": f"{PATH}-/copy/?digest={{digest}}",
}


@pytest.mark.parametrize("name", GUARDED)
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("maintainer", 200),
        ("administrator", 200),
        ("member", 404),
        ("auditor", 404),
        ("outsider", 404),
        ("", 302),
    ],
)
def test_lets_in_who_may_delete_there(visitor, shelf, name, who, status):
    address = GUARDED[name].format(digest=shelf.digest_of("rc1"))

    assert visitor(who).get(address).status_code == status


@pytest.mark.parametrize("address", [PLAN, f"{PATH}-/copy/", f"{PLAN}test/"])
@pytest.mark.parametrize(
    ("who", "status"), [("member", 404), ("auditor", 404), ("outsider", 404), ("", 302)]
)
def test_takes_no_form_from_others(visitor, shelf, address, who, status):
    response = visitor(who).post(address, {"tag": "rc1", "digest": shelf.digest_of("rc1")})

    assert response.status_code == status
    assert not Operation.objects.exists()


def test_leads_strangers_who_may_read_to_the_sign_in(visitor, shelf, settings):
    settings.ANONYMOUS_READ = True

    response = visitor("").get(f"{PLAN}?tag=rc1")

    assert response.status_code == 302
    assert response["Location"].startswith("/sign-in/?next=/r/default/team/app/-/delete/")


def test_has_nothing_for_repositories_that_are_not_there(maintainer, shelf):
    for path in ("/r/default/team/none/-/delete/", "/r/none/team/app/-/delete/"):
        assert maintainer.get(path).status_code == 404
    assert maintainer.get("/r/default/other/app/-/delete/").status_code == 404
