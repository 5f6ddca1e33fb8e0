"""Plans, made of the index of a registry: what goes, what stays, which way, and why not."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.http import QueryDict
from pytest_django.plugin import DjangoDbBlocker

from registryui.accounts.access import EVERYTHING, Access, Scope
from registryui.audit.api import Actor
from registryui.catalog.models import Manifest, Registry, Repository
from registryui.deletion.models import KeptManifest, ProtectionRule, Step
from registryui.deletion.planning.freeing import freed_bytes
from registryui.deletion.planning.plan import DeletionPlan, plan_deletion
from registryui.deletion.planning.selection import Selection
from registryui.deletion.planning.snapshot import web_around
from registryui.deletion.planning.steps import begin_deletion
from registryui.deletion.planning.ways import READ_ONLY, UNTESTED, Ability
from registryui.oci.digest import Digest
from registryui.oci.manifest import parse_manifest
from registryui.sample import builder
from tests.deletion.conftest import APP, NOON, Site
from tests.indexing import index_sample, shared

BOTH = Ability(True, True, True, "It deletes by digest and by tag.", NOON)
BY_DIGEST = replace(BOTH, by_tag=False)
WITHOUT_PUSH = replace(BY_DIGEST, may_push=False)
BY_TAG = replace(BOTH, by_digest=False)
NOTHING = Ability(False, False, False, "Deletion is switched off there.", NOON)


def plan(
    repository: Repository, *tags: str, ability: Ability = BY_DIGEST, access: Access = EVERYTHING
) -> DeletionPlan:
    return plan_deletion(repository, Selection(tags=tags), access=access, ability=ability)


def ways(planned: DeletionPlan) -> dict[str, str]:
    return {tag.name: tag.way for tag in planned.tags}


def protect(tag: str, repository: str = "*", reason: str = "") -> None:
    ProtectionRule.objects.create(tag=tag, repository=repository, reason=reason, created_at=NOON)


@pytest.fixture(scope="module")
def sample_index(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Index the sample images once for all tests."""
    with shared(django_db_blocker):
        index_sample()
        yield


@pytest.fixture
def library(sample_index: None, db: None) -> Repository:
    """Return library/registry of the sample images: indexes, one of them signed and described."""
    return Repository.objects.get(name="library/registry")


def test_removes_what_only_the_chosen_tags_lead_to(library: Repository) -> None:
    planned = plan(library, "2.7.1", "2.7")

    assert ways(planned) == {"2.7": "REMOVE", "2.7.1": "REMOVE"}
    assert len(planned.manifests) == 3
    assert planned.manifests[0].tags == ("2.7", "2.7.1")
    assert [each.about.rpartition(", ")[2] for each in planned.manifests[1:]] == [
        "linux/amd64",
        "linux/arm64",
    ]
    assert planned.refused == ()


def test_replaces_a_tag_when_another_stays_on_its_digest(library: Repository) -> None:
    planned = plan(library, "2.7")

    assert ways(planned) == {"2.7": "REPLACE"}
    assert planned.tags[0].others == ("2.7.1",)
    assert planned.manifests == ()
    assert planned.freed_bytes == 0


def test_refuses_when_it_may_not_replace(library: Repository) -> None:
    [tag] = plan(library, "2.7", ability=WITHOUT_PUSH).refused

    assert "2.7.1 points to the same digest" in tag.refusal
    assert "may not push" in tag.refusal


@pytest.mark.parametrize("ability", [BOTH, BY_TAG])
def test_deletes_tags_alone_where_that_is_possible(library: Repository, ability: Ability) -> None:
    planned = plan(library, "2.7", "2.7.1", "latest", ability=ability)

    assert set(ways(planned).values()) == {"UNTAG"}
    assert len(planned.manifests) == (3 if ability is BOTH else 0)
    assert bool(planned.freed_bytes) is (ability is BOTH)


def test_takes_the_signatures_tag_along_where_only_tags_are_deleted(library: Repository) -> None:
    planned = plan(library, "3.0.0", "3.0", ability=BY_TAG)

    [signature] = planned.manifests
    assert signature.tags[0].endswith(".sig")


def test_takes_signatures_and_bills_of_materials_along(library: Repository) -> None:
    planned = plan(library, "3", "3.1", "3.1.1", "latest")

    about = [each.about for each in planned.manifests]
    assert len(about) > 3
    assert any(tag.endswith(".sig") for each in planned.manifests for tag in each.tags)


@pytest.mark.parametrize(
    ("ability", "words"),
    [
        (NOTHING, "switched off"),
        (Ability(None, None, None, UNTESTED, None), "Nobody has tested"),
        (Ability.of(Registry(), is_read_only=True), READ_ONLY),
    ],
)
def test_refuses_where_nothing_is_deleted(
    library: Repository, ability: Ability, words: str
) -> None:
    planned = plan(library, "2.7", ability=ability)

    assert planned.doable == ()
    assert words in planned.refused[0].refusal


def test_leaves_protected_tags_and_what_they_lead_to(library: Repository) -> None:
    protect("2.7", "library/*", reason="customers use it")

    planned = plan(library, "2.7", "2.7.1")

    refused = {tag.name: tag for tag in planned.refused}
    assert "2.7 in library/* (customers use it)" in refused["2.7"].refusal
    assert ways(planned)["2.7.1"] == "REPLACE"
    assert planned.manifests == ()


def test_lets_administrators_delete_protected_tags(library: Repository) -> None:
    protect("2.7")
    administrator = Access(1, "anna", "ADMINISTRATOR")

    planned = plan(library, "2.7", "2.7.1", access=administrator)

    assert ways(planned) == {"2.7": "REMOVE", "2.7.1": "REMOVE"}
    rules = {tag.name: tag.protected_by for tag in planned.tags}
    assert {tag: rule and rule.words for tag, rule in rules.items()} == {
        "2.7": "2.7 in *",
        "2.7.1": None,
    }


def test_looks_again_when_a_tag_has_to_stay(site: Site) -> None:
    child = builder.image(site.sample, APP, "arm")
    builder.retag(site.sample, APP, "arm-too", child)
    builder.index(site.sample, APP, "all", children=[child])
    builder.retag(site.sample, APP, "all-too", builder.index(site.sample, APP, children=[child]))
    site.crawl()

    # all has to stay because all-too does, so arm has to, because all lists it.
    planned = plan(site.repository, "all", "arm", "arm-too", ability=WITHOUT_PUSH)

    assert planned.doable == ()
    assert planned.manifests == ()
    assert "an index that stays lists" in planned.refused[1].refusal


def test_says_what_is_not_there(library: Repository) -> None:
    planned = plan(library, "2.7", "9.9")

    assert planned.missing == ("9.9",)


def test_has_another_fingerprint_when_anything_is_different(library: Repository) -> None:
    prints = {
        plan(library, "2.7").fingerprint,
        plan(library, "2.7", ability=BOTH).fingerprint,
        plan(library, "2.7", "2.7.1").fingerprint,
    }

    assert len(prints) == 3
    assert plan(library, "2.7").fingerprint in prints


def test_frees_what_nothing_else_has(library: Repository) -> None:
    planned = plan(library, "2.7.1", "2.7")
    going = {each.digest for each in planned.manifests}

    def blobs(digests: set[str]) -> dict[str, int]:
        sizes = {}
        for row in Manifest.objects.filter(digest__in=digests):
            sizes[row.digest] = len(row.content)
            parsed = parse_manifest(bytes(row.content), content_type=row.media_type)
            parts = (*parsed.stored_layers, *([parsed.config] if parsed.config else ()))
            sizes.update((str(part.digest), part.size_bytes) for part in parts)
        return sizes

    everything = Manifest.objects.filter(presences__repository__registry=library.registry)
    staying = set(everything.values_list("digest", flat=True)) - going
    needed = blobs(staying)
    freed = sum(size for digest, size in blobs(going).items() if digest not in needed)

    assert planned.freed_bytes == freed > 0


def test_frees_nothing_that_another_repository_has(site: Site) -> None:
    digest = site.image("v1")
    builder.image(site.sample, "team/other", "v1", layers=1)
    site.crawl()

    assert freed_bytes(site.repository, [digest], access=EVERYTHING) == 0


def test_counts_nothing_that_only_repositories_one_may_not_see_share(site: Site) -> None:
    digest = site.image("v1")
    site.crawl()
    access = Access(1, "carl", "MEMBER", scopes=(Scope("DELETE", "default", "team/*"),))
    before = freed_bytes(site.repository, [digest], access=access)
    builder.image(site.sample, "other/app", "v1", layers=1)
    site.crawl()

    assert freed_bytes(site.repository, [digest], access=access) == before > 0
    assert freed_bytes(site.repository, [digest], access=EVERYTHING) == 0


def test_leaves_what_lies_too_deep_to_be_looked_at(site: Site) -> None:
    digest = Digest.parse(site.image("deepest"))
    for _ in range(8):
        digest = builder.index(site.sample, APP, children=[digest])
    builder.retag(site.sample, APP, "all", digest)
    site.crawl()

    planned = plan(site.repository, "all")

    assert site.tags()["deepest"] not in {each.digest for each in planned.manifests}


def test_reads_no_more_queries_for_more_platforms(
    library: Repository, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(40):  # type: ignore[operator]
        web_around(library, list(library.tags.values_list("manifest__digest", flat=True)))


def test_writes_down_tags_first_then_manifests_and_keeps_their_bytes(library: Repository) -> None:
    planned = plan(library, "2.7.1", "2.7", "3.0")

    operation = begin_deletion(library, planned, by=Actor("anna"), now=NOON, reason="rule 7")

    steps = list(Step.objects.filter(operation=operation).order_by("position"))
    assert [step.kind for step in steps] == ["REPLACE", "REMOVE", "REMOVE", "REMOVE"]
    assert steps[1].goes_with == ["2.7", "2.7.1"]
    kept = KeptManifest.objects.filter(operation=operation)
    assert {each.digest for each in kept} == {step.digest for step in steps}
    for each in kept:
        assert Digest.parse(each.digest).matches(bytes(each.content))


def test_writes_down_the_tags_of_signatures_where_only_tags_go(library: Repository) -> None:
    planned = plan(library, "3.0.0", "3.0", ability=BY_TAG)

    operation = begin_deletion(library, planned, by=Actor("anna"), now=NOON)

    tags = [step.tag for step in operation.steps.order_by("position")]
    assert tags[:2] == ["3.0", "3.0.0"]
    assert tags[2].endswith(".sig")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("tag=2.7&tag=2.7.1&tag=2.7", {"2.7", "2.7.1"}),
        ("tag=9.9", set()),
        ("all=1&q=2.7", {"2.7", "2.7.1"}),
        ("all=1&q=2.7&keep=2.7", {"2.7.1"}),
    ],
)
def test_chooses_tags(library: Repository, query: str, found: set[str]) -> None:
    selection = Selection.parse(QueryDict(query))

    assert set(selection.tags_of(library)) == found
    assert Selection.parse(QueryDict(selection.query)) == selection
    assert not selection.is_empty


def test_chooses_by_digest_and_platform(library: Repository) -> None:
    digest = library.tags.get(name="2.7").manifest.digest
    by_digest = Selection.parse(QueryDict(f"digest={digest}&digest=sha256:none"))
    by_platform = Selection.parse(QueryDict("all=1&platform=linux/arm64"))

    assert set(by_digest.tags_of(library)) == {"2.7", "2.7.1"}
    assert by_digest.missing_in(by_digest.tags_of(library)) == ("sha256:none",)
    assert "2.7" in by_platform.tags_of(library)
    assert Selection.parse(QueryDict(by_platform.query)) == by_platform
    assert Selection().is_empty
