"""Lists as registries give them: names in order, a part at a time, with a link to the rest."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpRequest, JsonResponse, QueryDict
from django.utils.http import urlencode

from registryui.catalog.clients.front import Front
from registryui.catalog.models import Repository, Tag
from registryui.web.query import number_in, text_in

MOST = 1000


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many names are asked for, and after which."""

    count: int
    last: str

    @classmethod
    def parse(cls, query: QueryDict) -> "Wanted":
        """Read ``n`` and ``last``; what makes no sense there counts as not said."""
        count = number_in(query, "n", default=MOST, least=0, most=MOST)
        return cls(count, text_in(query, "last", most=512))


def tags_of(repository: Repository, wanted: Wanted) -> list[str]:
    """Return tags by name, one more than asked for if there are more; none is left out."""
    tags = Tag.objects.in_repository(repository).filter(name__gt=wanted.last).order_by("name")
    return list(tags.values_list("name", flat=True)[: wanted.count + 1])


def names_in(front: Front, wanted: Wanted) -> list[str]:
    """Return the names of repositories in order, one more than asked for if there are more."""
    part, last = front.split(wanted.last)
    rows = front.repositories()
    if part is front:
        after = Q(name__gt=last)
    else:
        slug = part.registries[0].slug
        after = Q(registry__slug__gt=slug) | Q(registry__slug=slug, name__gt=last)
    order = ("registry__slug", "name") if front.is_prefixed else ("name",)
    return [front.name_of(row) for row in rows.filter(after).order_by(*order)[: wanted.count + 1]]


def part_of_list(
    request: HttpRequest, key: str, names: Sequence[str], wanted: Wanted, **others: str
) -> JsonResponse:
    """Answer with the names asked for; the header ``Link`` says where the next ones are."""
    shown = names[: wanted.count]
    response = JsonResponse({**others, key: shown})
    if shown and len(names) > len(shown):
        query = urlencode([("n", str(wanted.count)), ("last", shown[-1])])
        # Clients know no path before /v2/: it is the host alone that they ask.
        response["Link"] = f'<{request.path_info}?{query}>; rel="next"'
    return response
