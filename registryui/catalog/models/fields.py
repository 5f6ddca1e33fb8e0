"""Column types of the index."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

if TYPE_CHECKING:
    TextColumn = models.CharField[str, str]
else:  # generic for the type checker only
    TextColumn = models.CharField

BINARY_COLLATIONS = {"postgresql": "C", "sqlite": "BINARY"}


class NameField(TextColumn):
    """A text that compares and sorts by code point on every database.

    Tags differ by case and registries sort by byte, so a language's collation would be wrong;
    and a prefix range (``name >= x and name < x+1``) can only use an index ordered this way.
    """

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        """Return the column's type with the database's own name for the binary collation."""
        parameters = super().db_parameters(connection)
        parameters["collation"] = BINARY_COLLATIONS.get(connection.vendor)
        return parameters


class DigestField(NameField):
    """A content digest such as ``sha256:…``; empty where there is none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Give room for the longest registered digest, sha512."""
        kwargs.setdefault("max_length", 135)
        super().__init__(*args, **kwargs)
