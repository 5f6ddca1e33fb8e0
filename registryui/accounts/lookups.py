"""Fits names to a pattern in the database, in time that stars do not multiply.

A regular expression does not: Python's, which SQLite is given, tries every way to share a name
between the stars, and one name of many equal letters stops a whole process.
"""

from typing import TYPE_CHECKING, Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField, Lookup
from django.db.models.sql.compiler import SQLCompiler

Sql = tuple[str, tuple[Any, ...]]

if TYPE_CHECKING:
    BooleanLookup = Lookup[bool]
else:  # generic for the type checker only
    BooleanLookup = Lookup


@CharField.register_lookup
class FitsPattern(BooleanLookup):
    """``name__fits_pattern="team-*/base"``, for what ``is_pattern`` lets through.

    Such a pattern has no character that means something to GLOB but the star, and none that means
    something to LIKE but the underscore.
    """

    lookup_name = "fits_pattern"
    prepare_rhs = False

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Sql:
        """Return the condition for SQLite, whose LIKE knows no case."""
        return self._sql("GLOB", str(self.rhs), compiler, connection)

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Sql:
        """Return the condition for PostgreSQL."""
        text = str(self.rhs).replace("_", r"\_").replace("*", "%")
        return self._sql("LIKE", text, compiler, connection)

    def _sql(
        self, word: str, text: str, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> Sql:
        left, parameters = self.process_lhs(compiler, connection)
        return f"{left} {word} %s", (*parameters, text)
