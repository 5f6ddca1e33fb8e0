"""Lookups of the search: ``contains_fast`` asks the text index, whichever database it is."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Q
from django.db.models.expressions import Col
from django.db.models.lookups import In
from django.db.models.sql.compiler import SQLCompiler

from registryui.catalog.search.schema import PUNCTUATION, REPOSITORY_TEXT, STAND_INS, TAG_TEXT

if TYPE_CHECKING:
    TextLookup = models.Lookup[Any]
else:  # generic for the type checker only
    TextLookup = models.Lookup

TRIGRAM = 3
LAST_CHARACTER = "\U0010ffff"

_INDEXES: dict[tuple[str, str | None], str] = {
    ("catalog_repository", "name"): REPOSITORY_TEXT,
    ("catalog_repository", "summary"): REPOSITORY_TEXT,
    ("catalog_repository", "description"): REPOSITORY_TEXT,
    ("catalog_repository", "platforms"): REPOSITORY_TEXT,
    ("catalog_tag", "name"): TAG_TEXT,
}
_STANDING_IN = str.maketrans(PUNCTUATION, STAND_INS)
_known_tables: dict[tuple[str, str], bool] = {}


@models.CharField.register_lookup
@models.TextField.register_lookup
class ContainsFast(TextLookup):
    """Whether a text contains another, in any case, as ``icontains`` says but by trigram index.

    Several texts, as a tuple, must all be contained. Of a column without such an index, on an
    SQLite without FTS5, and of texts shorter than three characters it is right all the same, and
    slow. Attached tags are not in the index.
    """

    lookup_name = "contains_fast"
    prepare_rhs = False

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        """Ask the FTS5 table for the rows that have all trigrams, then compare the texts."""
        column, parameters = self.process_lhs(compiler, connection)
        conditions = [f"{column} LIKE %s ESCAPE '\\'"] * len(self._texts)
        values = [value for text in self._texts for value in (*parameters, pattern_of(text))]
        index = self._index()
        trigrams = " ".join(all_trigrams(text) for text in self._texts if len(text) >= TRIGRAM)
        if trigrams and index and has_table(connection, index):
            row = f"{compiler.quote_name_unless_alias(self._column().alias)}.id"
            rows = f"SELECT rowid FROM {index} WHERE {index} MATCH %s"  # noqa: S608 # our own name
            conditions.insert(0, f"{row} IN ({rows})")
            values.insert(0, f"{self._column().target.column} : ({trigrams})")
        return f"({' AND '.join(conditions)})", tuple(values)

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[str | int, ...]]:
        """Compare with ``ILIKE``, which pg_trgm serves; of names also with stand-ins for dots."""
        column, parameters = self.process_lhs(compiler, connection)
        is_indexed = self._column().target.column == "name" and self._index()
        conditions: list[str] = []
        values: list[str | int] = []
        for text in self._texts:
            if is_indexed and len(text) >= TRIGRAM:
                conditions.append(f"translate({column}, '{PUNCTUATION}', '{STAND_INS}') ILIKE %s")
                values += [*parameters, pattern_of(text.translate(_STANDING_IN))]
            conditions.append(f"{column} ILIKE %s")
            values += [*parameters, pattern_of(text)]
        return f"({' AND '.join(conditions)})", tuple(values)

    @property
    def _texts(self) -> tuple[str, ...]:
        return (self.rhs,) if isinstance(self.rhs, str) else tuple(self.rhs)

    def _column(self) -> Col:
        if not isinstance(self.lhs, Col):
            raise TypeError("contains_fast compares a column, not an expression.")
        return self.lhs

    def _index(self) -> str:
        target = self._column().target
        return _INDEXES.get((target.model._meta.db_table, target.column), "")


@models.Field.register_lookup
class InUnindexed(In):
    """As ``in``, but on SQLite no reason to go through an index.

    Nearly every row is in some declared registry, so to begin there is to read all of them; what
    SQLite expects without statistics is the opposite.
    """

    lookup_name = "in_unindexed"

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        """Put a plus before the column, which is how SQLite is told."""
        sql, parameters = self.as_sql(compiler, connection)
        return f"+{sql}", tuple(parameters)


def pattern_of(text: str) -> str:
    r"""Return the pattern for LIKE of what has a text in it, with ``\`` to escape wildcards."""
    escaped = text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return f"%{escaped}%"


def all_trigrams(text: str) -> str:
    """Return the FTS5 query for rows with a text's trigrams; as many as cover it are enough."""
    starts = [*range(0, len(text) - TRIGRAM, TRIGRAM), len(text) - TRIGRAM]
    quoted = (text[start : start + TRIGRAM].replace('"', '""') for start in starts)
    return " ".join(f'"{trigram}"' for trigram in quoted)


def beginning(field: str, text: str) -> Q:
    """Return the condition that a column of code-point order begins with a text, as a range."""
    return Q(**{f"{field}__gte": text, f"{field}__lt": text + LAST_CHARACTER})


def has_table(connection: BaseDatabaseWrapper, table: str) -> bool:
    """Say whether the migrations could make an FTS5 table in this database; asked once."""
    key = (str(connection.settings_dict["NAME"]), table)
    if key not in _known_tables:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM sqlite_master WHERE name = %s", [table])
            _known_tables[key] = cursor.fetchone() is not None
    return _known_tables[key]
