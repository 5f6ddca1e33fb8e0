"""The ways to read words as parts of ``repository:tag``: which name each of them is a part of."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from registryui.catalog.search.query import SearchQuery

# Of more words than these only "first repository, then tag" is tried, not every combination.
MOST_COMBINED = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """Which words are taken for parts of the repository's name, which for parts of the tag's."""

    of_repository: tuple[str, ...]
    of_tag: tuple[str, ...]


def readings_of(query: SearchQuery) -> Iterator[Reading]:
    """Give each way to read the words in which at least one belongs to the tag's name.

    Of ``repo:tag`` there is only the one, and ``repo:`` is all tags of such a repository.
    """
    words = query.words
    if query.has_reference:
        repository = (query.repository,) if query.repository else ()
        yield Reading((*words, *repository), (query.tag,) if query.tag else ())
    elif len(words) > MOST_COMBINED:
        yield from (Reading(words[:cut], words[cut:]) for cut in range(len(words)))
    else:
        yield from _combinations(words)


def _combinations(words: tuple[str, ...]) -> Iterator[Reading]:
    for sides in product((True, False), repeat=len(words)):
        if any(sides):
            pairs = list(zip(words, sides, strict=True))
            yield Reading(
                of_repository=tuple(word for word, is_of_tag in pairs if not is_of_tag),
                of_tag=tuple(word for word, is_of_tag in pairs if is_of_tag),
            )
