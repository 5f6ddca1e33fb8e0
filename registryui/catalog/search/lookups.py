"""``contains_fast``: a part of a text found through the text index, whichever database it is."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Q
from django.db.models.expressions import Col
from django.db.models.sql.compiler import SQLCompiler

from registryui.catalog.search.schema import PUNCTUATION, REPOSITORY_TEXT, STAND_INS, TAG_TEXT

if TYPE_CHECKING:
    TextLookup = models.Lookup[str]
else:  # generic for the type checker only
    TextLookup = models.Lookup

TRIGRAM = 3
LAST_CHARACTER = "\U0010ffff"

_INDEXES: dict[tuple[str, str | None], str] = {
    ("catalog_repository", "name"): REPOSITORY_TEXT,
    ("catalog_repository", "description"): REPOSITORY_TEXT,
    ("catalog_repository", "platforms"): REPOSITORY_TEXT,
    ("catalog_tag", "name"): TAG_TEXT,
}
_known_tables: dict[tuple[str, str], bool] = {}


@models.CharField.register_lookup
@models.TextField.register_lookup
class ContainsFast(TextLookup):
    """Whether a text contains another, in any case, as ``icontains`` says but by trigram index.

    Of a column without such an index, on an SQLite without FTS5, and of texts shorter than three
    characters it is right all the same, and slow. Attached tags are not in the index.
    """

    lookup_name = "contains_fast"
    prepare_rhs = False

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        """Ask the FTS5 table for the rows that have all trigrams, then compare the text."""
        column, parameters = self.process_lhs(compiler, connection)
        text = str(self.rhs)
        like, pattern = f"{column} LIKE %s ESCAPE '\\'", f"%{escaped(text)}%"
        index = self._index()
        if len(text) < TRIGRAM or not index or not has_table(connection, index):
            return like, (*parameters, pattern)
        row = f"{compiler.quote_name_unless_alias(self._column().alias)}.id"
        rows = f"SELECT rowid FROM {index} WHERE {index} MATCH %s"  # noqa: S608 # our own name
        trigrams = f"{self._column().target.column} : ({all_trigrams(text)})"
        return f"({row} IN ({rows}) AND {like})", (trigrams, *parameters, pattern)

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[str | int, ...]]:
        """Compare with ``ILIKE``, which pg_trgm serves; of names also with stand-ins for dots."""
        column, parameters = self.process_lhs(compiler, connection)
        text = str(self.rhs)
        like, pattern = f"{column} ILIKE %s", f"%{escaped(text)}%"
        if self._column().target.column != "name" or not self._index() or len(text) < TRIGRAM:
            return like, (*parameters, pattern)
        stand_in = f"%{escaped(text.translate(str.maketrans(PUNCTUATION, STAND_INS)))}%"
        indexed = f"translate({column}, '{PUNCTUATION}', '{STAND_INS}') ILIKE %s"
        return f"({indexed} AND {like})", (*parameters, stand_in, *parameters, pattern)

    def _column(self) -> Col:
        if not isinstance(self.lhs, Col):
            raise TypeError("contains_fast compares a column, not an expression.")
        return self.lhs

    def _index(self) -> str:
        target = self._column().target
        return _INDEXES.get((target.model._meta.db_table, target.column), "")


def escaped(text: str) -> str:
    r"""Return a text as it stands for itself in LIKE with ``\`` as the escape character."""
    return text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


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
