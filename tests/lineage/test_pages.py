"""What the pages say of bases and of what is built on them, to whom."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registryui.accounts.models import Grant, Membership, Team, User
from registryui.catalog.models import Manifest, Repository, Tag, TagMove
from registryui.lineage.models import Stack
from tests.indexing import NOW
from tests.lineage.stacking import Builder, digest


@pytest.fixture
def builder(db, settings) -> Builder:
    settings.ANONYMOUS_READ = True
    return Builder()


def lineage(client, repository: str, manifest: Manifest):
    address = f"/r/shelf/{repository}/-/manifests/{manifest.digest}/lineage/"
    return client.get(address, {"format": "json"}).json()


def text_of(client, repository: str, manifest: Manifest) -> str:
    return str(client.get(f"/r/shelf/{repository}/-/manifests/{manifest.digest}/lineage/").text)


def uses(client, repository: str):
    page = client.get(f"/r/shelf/{repository}/-/lineage/", {"format": "json"}).json()
    return {row["digest"]: (row["repositories"], row["images"]) for row in page["images"]}


def test_names_the_longest_shared_beginning_first(client, builder):
    builder.image("debian", "a", tag="12")
    builder.image("python", "abc", tag="3.13")
    app = builder.image("team/app", "abcd")

    bases = lineage(client, "team/app", app)["bases"]

    assert [(row["repository"], row["layers"]) for row in bases] == [("python", 3), ("debian", 1)]
    assert bases[0]["tags"][0]["text"] == "3.13"


def test_takes_no_image_for_its_own_base(client, builder):
    builder.image("copy", "ab")
    app = builder.image("team/app", "ab")

    page = lineage(client, "team/app", app)

    assert (page["bases"], page["users"]) == ([], [])


def test_takes_no_part_of_a_stack_for_a_base(client, builder):
    builder.image("other", "bc")
    app = builder.image("team/app", "abc")

    assert lineage(client, "team/app", app)["bases"] == []


def test_says_where_a_base_is_in_use(client, builder):
    base = builder.image("debian", "a", tag="12")
    builder.image("team/one", "ab")
    builder.image("team/one", "ac")
    builder.image("team/two", "ad")
    builder.image("other", "x")

    page = lineage(client, "debian", base)

    assert page["image_count"] == 3
    found = [(row["repository"], row["images"]) for row in page["users"]]
    assert found == [("team/one", 2), ("team/two", 1)]
    assert uses(client, "debian") == {base.digest: (2, 3)}


def test_takes_an_index_and_its_images_for_one(client, builder):
    arm, amd = builder.image("debian", "a"), builder.image("debian", "z")
    index = builder.index("debian", amd, arm, tag="12")
    builder.image("team/app", "ab")
    builder.image("team/app", "zb")
    builder.image("team/named", "q", base_digest=index.digest)

    assert uses(client, "debian") == {index.digest: (2, 3)}
    assert [row["repository"] for row in lineage(client, "debian", arm)["users"]] == [
        "team/app",
        "team/named",
    ]


def test_names_the_bases_of_all_platforms_of_an_index(client, builder):
    builder.image("debian", "a", tag="amd64")
    builder.image("debian", "z", tag="arm64")
    claim = {"base_name": "far.example/base:1", "base_digest": digest("q")}
    children = [builder.image("team/app", stack, **claim) for stack in ("ab", "zb")]
    index = builder.index("team/app", *children, tag="1.0")

    bases = lineage(client, "team/app", index)["bases"]

    assert [(row["repository"], row["layers"]) for row in bases] == [
        ("debian", 1),
        ("debian", 1),
        ("far.example/base:1", 0),
    ]


def test_says_what_is_only_claimed(client, builder):
    app = builder.image("team/app", "ab", base_name="far.example/base:1", base_digest=digest("q"))

    [base] = lineage(client, "team/app", app)["bases"]

    assert (base["repository"], base["layers"], base["says"], base["url"]) == (
        "far.example/base:1",
        0,
        "LABEL",
        "",
    )
    assert "not in any registry you see here" in text_of(client, "team/app", app)


def test_joins_what_is_proved_with_what_is_claimed(client, builder):
    base = builder.image("debian", "a", tag="12")
    app = builder.image("team/app", "ab", base_digest=base.digest)

    [row] = lineage(client, "team/app", app)["bases"]

    assert (row["layers"], row["says"]) == (1, "LABEL")


def test_says_that_there_is_a_newer_base(client, builder):
    old = builder.image("debian", "a")
    new = builder.image("debian", "b", tag="12")
    app = builder.image(
        "team/app", "ac", base_name="shelf.example/debian:12", base_digest=old.digest
    )
    TagMove.objects.create(
        repository=builder.repository("debian"),
        tag_name="12",
        from_digest=old.digest,
        to_digest=new.digest,
        seen_at=NOW - timedelta(days=1),
        source="SYNC",
    )

    page = lineage(client, "team/app", app)

    assert page["newer"]["digest"] == new.digest
    assert page["bases"][0]["moved"] == ["12"]
    assert "There is a newer base" in text_of(client, "team/app", app)


def test_says_nothing_of_a_newer_base_while_there_is_none(client, builder):
    base = builder.image("debian", "a")
    index = builder.index("debian", base, tag="12")
    for named in (base.digest, index.digest):
        app = builder.image(
            "team/app", "ac", base_name="shelf.example/debian:12", base_digest=named
        )
        assert lineage(client, "team/app", app)["newer"] is None


def test_says_that_it_was_not_compared_yet(client, builder):
    app = builder.image("team/app", "ab")
    Stack.objects.all().delete()

    assert "not compared" in text_of(client, "team/app", app)


def test_shows_hostile_names_as_words(client, builder):
    app = builder.image("team/app", "ab", base_name="<script>alert(1)</script>\u202e")

    answer = text_of(client, "team/app", app)

    assert "<script>alert" not in answer
    assert "\u202e" not in answer


def test_finds_the_images_that_have_a_layer(client, builder):
    builder.image("team/one", "ab")
    builder.image("team/two", "xb")
    builder.image("team/three", "c")

    page = client.get(f"/layers/{digest('b')}/", {"format": "json"}).json()

    assert page["image_count"] == 2
    assert [row["repository"] for row in page["users"]] == ["team/one", "team/two"]
    assert client.get(f"/layers/{digest('nothing')}/").status_code == 404


@pytest.fixture
def member(client, builder, settings):
    """Sign somebody in who sees team/* alone."""
    settings.ANONYMOUS_READ = False
    team = Team.objects.create(name="Team", slug="team")
    person = User.objects.create_user("mia")
    Membership.objects.create(team=team, user=person)
    Grant.objects.create(team=team, registry="shelf", pattern="team/*", role=Grant.Role.BROWSE)
    client.force_login(person)
    return client


def test_hides_bases_users_and_layers_that_one_may_not_see(member, builder):
    hidden = builder.image("secret/base", "a", tag="1")
    app = builder.image("team/app", "ab", base_digest=hidden.digest)
    builder.image("secret/user", "abc")
    builder.image("secret/other", "q")

    page = lineage(member, "team/app", app)

    assert [row["url"] for row in page["bases"]] == [""]
    assert (page["image_count"], page["users"]) == (0, [])
    assert uses(member, "team/app") == {app.digest: (0, 0)}
    assert member.get(f"/layers/{digest('q')}/").status_code == 404
    assert member.get(f"/layers/{digest('b')}/", {"format": "json"}).json()["image_count"] == 1


def test_leaves_out_what_is_gone_or_not_declared(client, builder):
    base = builder.image("debian", "a")
    builder.image("team/gone", "ab")
    Repository.objects.filter(name="team/gone").update(state=Repository.State.GONE)

    assert lineage(client, "debian", base)["users"] == []
    assert uses(client, "debian") == {base.digest: (0, 0)}


def test_costs_the_same_queries_however_many_build_on_it(client, builder):
    base = builder.image("debian", "a", tag="1")
    builder.image("team/app", "ab")

    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            lineage(client, "debian", base)
            uses(client, "debian")
        return len(queries)

    count()
    few = count()
    for number in range(5):
        builder.image(f"team/app{number}", "ac")
        builder.image("debian", "a", tag=f"1.{number}")

    assert count() == few
    assert Tag.objects.count() == 6
