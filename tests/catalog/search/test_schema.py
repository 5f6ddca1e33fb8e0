from importlib import import_module
from typing import cast

import pytest
from django.db import DatabaseError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.state import ProjectState

from registryui.catalog.models import Repository, Tag
from registryui.catalog.search import lookups, schema
from tests.catalog.search.rows import NOW, make_image, make_repository, make_tag


def tags_with(text):
    found = Tag.objects.filter(is_attached=False, name__contains_fast=text)
    return sorted(tag.name for tag in found)


def names_with(text):
    rows = Repository.objects.filter(name__contains_fast=text)
    rows |= Repository.objects.filter(description__contains_fast=text)
    return sorted(repository.name for repository in rows)


def indexes_of_the_database() -> set[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT indexname FROM pg_indexes")
        else:
            cursor.execute("SELECT name FROM sqlite_master")
        return {name for (name,) in cursor.fetchall()}


def test_is_made_by_the_first_migration():
    migration = import_module("registryui.catalog.migrations.0001_initial").Migration

    assert migration.operations[-len(schema.OPERATIONS) :] == schema.OPERATIONS


def test_is_in_the_database_after_all_migrations(db):
    # A migration that makes SQLite rebuild a table drops its triggers: append OPERATIONS to it.
    wanted = {schema.REPOSITORY_TEXT, schema.TAG_TEXT}
    if connection.vendor == "sqlite":
        wanted |= {f"{name}_{event}" for name in list(wanted) for event in schema.EVENTS}

    assert wanted <= indexes_of_the_database()


@pytest.fixture
def repository(main):
    return make_repository(main, "team/gateway", description="Routes card traffic.")


def test_follows_added_rows(repository):
    make_image(repository, "one", tags=["1.27-bookworm"])

    assert tags_with("bookworm") == ["1.27-bookworm"]
    assert names_with("gatew") == ["team/gateway"]
    assert names_with("card traffic") == ["team/gateway"]


def test_follows_changed_rows(repository):
    repository.description = "Something else."
    repository.save()

    assert names_with("card") == []
    assert names_with("something") == ["team/gateway"]


def test_follows_removed_rows(repository):
    make_image(repository, "one", tags=["1.27-bookworm", "1.28-bookworm"])

    Tag.objects.filter(name="1.27-bookworm").delete()

    assert tags_with("bookworm") == ["1.28-bookworm"]


def test_follows_upserts(repository):
    manifest = make_image(repository, "one", tags=["1.27-bookworm"])
    rows = [
        Tag(
            repository=repository,
            name=name,
            manifest=manifest,
            version_key=name,
            first_seen_at=NOW,
            moved_at=NOW,
        )
        for name in ("1.27-bookworm", "1.28-bookworm")
    ]

    for _ in range(2):
        Tag.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["repository", "name"],
            update_fields=["manifest", "is_attached", "moved_at"],
        )

    assert tags_with("bookworm") == ["1.27-bookworm", "1.28-bookworm"]


def test_follows_a_tag_that_turns_out_to_be_attached(repository):
    manifest = make_image(repository, "one")
    tag = make_tag(repository, "bookworm-signature", manifest)

    tag.is_attached = True
    tag.save()
    hidden = tags_with("bookworm")
    tag.is_attached = False
    tag.save()

    assert hidden == []
    assert tags_with("bookworm") == ["bookworm-signature"]


def test_may_be_made_again_over_rows_that_exist(repository):
    make_image(repository, "one", tags=["1.27-bookworm"])
    operation = schema.OPERATIONS[0]
    apps = ProjectState().apps
    editor = connection.SchemaEditorClass(connection)

    connection.check_constraints()  # PostgreSQL alters no table that has some to check
    assert operation.reverse_code
    operation.reverse_code(apps, editor)
    remaining = indexes_of_the_database()
    operation.code(apps, editor)
    operation.code(apps, editor)

    assert schema.TAG_TEXT not in remaining
    assert tags_with("bookworm") == ["1.27-bookworm"]
    assert names_with("gateway") == ["team/gateway"]


def test_leaves_search_working_where_sqlite_cannot_index_trigrams(repository, monkeypatch):
    monkeypatch.setattr(schema, "has_trigrams", lambda connection: False)
    monkeypatch.setattr(lookups, "_known_tables", {})
    operation = schema.OPERATIONS[0]
    editor = connection.SchemaEditorClass(connection)

    connection.check_constraints()
    assert operation.reverse_code
    operation.reverse_code(ProjectState().apps, editor)
    operation.code(ProjectState().apps, editor)
    make_image(repository, "one", tags=["1.27-bookworm"])

    assert tags_with("bookworm") == ["1.27-bookworm"]
    assert names_with("gateway") == ["team/gateway"]


def test_knows_whether_sqlite_can_index_trigrams(db):
    class Refusing:
        """A connection to an SQLite without FTS5."""

        alias = connection.alias

        def cursor(self):
            raise DatabaseError("no such module: fts5")

    assert not schema.has_trigrams(cast(BaseDatabaseWrapper, Refusing()))
    assert connection.vendor != "sqlite" or schema.has_trigrams(connection)
