"""Finding labels: which values a key has, whatever long form of the key was meant."""

from dataclasses import dataclass

from django.db import connection

from registryui.catalog.search.lookups import LAST_CHARACTER
from registryui.catalog.search.query import Label, SearchQuery
from registryui.catalog.search.scope import LISTED, Scope

MOST_VALUES = 100
MOST_IMAGES = 100
# People say "version" for either (OCI image-spec, annotations.md, "Back-compatibility").
_PREFIXES = ("", "org.opencontainers.image.", "org.label-schema.")

# From each value to the next one by the index: as many steps as there are values, however many
# images have each. Both counts end at their limits.
_VALUES = """
    WITH RECURSIVE known(value, number) AS (
        SELECT (SELECT min(value) FROM catalog_imagelabel
                WHERE key = %(key)s AND value >= %(start)s AND value < %(end)s), 1
        UNION ALL
        SELECT (SELECT min(value) FROM catalog_imagelabel
                WHERE key = %(key)s AND value > known.value AND value < %(end)s), number + 1
        FROM known WHERE known.value IS NOT NULL AND number <= %(most)s
    )
    SELECT value, (SELECT count(*) FROM (
        SELECT 1 FROM catalog_imagelabel
        JOIN catalog_presence ON catalog_presence.manifest_id = catalog_imagelabel.manifest_id
        JOIN catalog_repository ON catalog_repository.id = catalog_presence.repository_id
        WHERE catalog_imagelabel.key = %(key)s AND catalog_imagelabel.value = known.value
          AND catalog_repository.state IN ({states}) AND +catalog_repository.registry_id IN ({ids})
          {visible}
        LIMIT %(images)s) AS counted)
    FROM known WHERE value IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class LabelFound:
    """A key with one of its values, and how many images have it: more than 100 count as 101."""

    key: str
    value: str
    image_count: int

    @property
    def as_typed(self) -> str:
        """The search for it; a quotation mark cannot be typed, so the value ends before one."""
        text = f"{self.key}={self.value}".partition('"')[0]
        return f'"{text}"' if " " in text else text


def key_names(key: str) -> tuple[str, ...]:
    """Return the keys that a typed one may stand for: itself, and well-known ones that end so."""
    return (key,) if "." in key else tuple(prefix + key for prefix in _PREFIXES)


def find_labels(query: SearchQuery, scope: Scope) -> tuple[tuple[LabelFound, ...], bool]:
    """Return the values that a label has, if nothing but that label is looked for.

    The second is whether there are more than these.
    """
    if len(query.labels) != 1 or query != SearchQuery(labels=query.labels):
        return (), False
    label = query.labels[0]
    found = [each for key in key_names(label.key) for each in _values(key, label, scope)]
    found.sort(key=lambda each: each.value != label.value)
    return tuple(found[:MOST_VALUES]), len(found) > MOST_VALUES


def _values(key: str, label: Label, scope: Scope) -> list[LabelFound]:
    if not scope.registries:
        return []
    condition, seen = _visible(scope)
    sql = _VALUES.format(
        states=", ".join(f"'{state}'" for state in LISTED),
        ids=", ".join(str(key) for key in scope.keys),
        visible=condition,
    )
    parameters: dict[str, str | int] = {
        "key": key,
        "start": label.value,
        "end": label.value + LAST_CHARACTER,
        "most": MOST_VALUES,
        "images": MOST_IMAGES + 1,
        **seen,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [LabelFound(key, value, count) for value, count in cursor.fetchall() if count]


def _visible(scope: Scope) -> tuple[str, dict[str, str | int]]:
    """Return the condition that a repository may be seen, with named parameters."""
    if scope.access.sees_everything:
        return "", {}
    rows = scope.repositories().values("pk")
    sql, values = rows.query.sql_with_params()
    parameters = {f"seen{number}": value for number, value in enumerate(values)}
    places = sql % tuple(f"%({name})s" for name in parameters)
    return f"AND catalog_repository.id IN ({places})", parameters
