import pytest
from django.db import connection
from django.db.models import Value
from django.db.models.functions import Lower
from hypothesis import given
from hypothesis import strategies as st

from registryui.catalog.models import Repository, Tag
from registryui.catalog.search import lookups
from registryui.catalog.search.lookups import all_trigrams, beginning
from tests.catalog.search.rows import make_image, make_repository

TAGS = ["1.27-alpine", "1.27", "v11.2", "Latest", "a_b", "axb", "percent", "nightly-2025"]


@pytest.fixture
def repository(main):
    repository = make_repository(main, "team/app", description='Doesn\'t "stop" at 100% _ever_')
    make_image(repository, "one", tags=TAGS)
    return repository


@pytest.fixture(params=["indexed", "without an index"])
def index(request, monkeypatch):
    if request.param != "indexed":
        tables = dict.fromkeys(["catalog_repository_text", "catalog_tag_text"], False)
        name = str(connection.settings_dict["NAME"])
        known = {(name, table): exists for table, exists in tables.items()}
        monkeypatch.setattr(lookups, "_known_tables", known)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("alpine", ["1.27-alpine"]),
        ("ALPINE", ["1.27-alpine"]),
        ("latest", ["Latest"]),
        ("1.2", ["1.27", "1.27-alpine", "v11.2"]),
        (".27-", ["1.27-alpine"]),
        ("a_b", ["a_b"]),
        ("a%b", []),
        ("ent", ["percent"]),
        ("27", ["1.27", "1.27-alpine"]),
        ("x", ["axb"]),
        ("none", []),
        ('"', []),
        ("\\", []),
    ],
)
def test_finds_a_part_of_a_tag(repository, index, text, expected):
    found = Tag.objects.filter(is_attached=False, name__contains_fast=text)

    assert sorted(tag.name for tag in found) == expected


@pytest.mark.parametrize("text", ["doesn't", '"stop"', "100%", "_ever_", "at 100"])
def test_finds_a_part_of_a_description(repository, index, text):
    assert Repository.objects.filter(description__contains_fast=text).exists()


def test_works_through_a_relation(repository, index):
    assert Tag.objects.filter(repository__name__contains_fast="m/ap").count() == len(TAGS)


def test_works_on_a_column_without_an_index(repository):
    assert Repository.objects.filter(namespace__contains_fast="none").count() == 0
    assert Repository.objects.filter(newest_tag__contains_fast="").exists()


def test_refuses_what_is_no_column(repository):
    rows = Repository.objects.annotate(lower=Lower("name") if repository else Value(""))

    with pytest.raises(TypeError, match="column"):
        rows.filter(lower__contains_fast="app").exists()


def test_asks_the_text_index(repository):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_indexscan = off")

    plan = Repository.objects.filter(name__contains_fast="team").explain()

    assert "catalog_repository_text" in plan


def test_finds_beginnings_by_code_point(repository):
    found = Tag.objects.filter(beginning("name", "1.27"), repository=repository)

    assert sorted(tag.name for tag in found) == ["1.27", "1.27-alpine"]


@given(st.text(min_size=3, max_size=30))
def test_covers_a_text_with_its_trigrams(text):
    trigrams = all_trigrams(text.replace('"', "-")).split('" "')

    assert trigrams[0].strip('"').startswith(text.replace('"', "-")[:1].strip('"'))
    assert len(trigrams) <= len(text) / 3 + 1
