"""Two images compared; or the question which two."""

from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from registryui.accounts.access import Access
from registryui.accounts.doors import counts_as_reading
from registryui.accounts.http import AccessRequest
from registryui.audit.access import actor_of
from registryui.audit.api import Action, record
from registryui.catalog.models import Manifest
from registryui.comparison.naming import LONGEST, Found, find
from registryui.comparison.pages.choosing import ChoosePage, compare_url, not_found
from registryui.comparison.pages.compare import ComparePage
from registryui.comparison.platforms import Chosen, choose
from registryui.comparison.work import ask_for_comparison
from registryui.contents.api import has_files, may_look_inside, unread_layers
from registryui.web.http import see_other
from registryui.web.pagination import address
from registryui.web.query import text_in
from registryui.web.rendering import render_page


@counts_as_reading
@require_http_methods(["GET", "HEAD", "POST"])
def compare(request: AccessRequest) -> HttpResponse:
    """Show what differs between two images; by POST have their files compared."""
    if request.GET.get("in"):
        return _selected(request)
    a, b = (text_in(request.GET, name, most=LONGEST) for name in ("a", "b"))
    if not a or not b:
        return _choose(request, a, b)
    first, second = find(a, request.access), find(b, request.access)
    if first is None or second is None:
        missing = tuple(text for text, each in ((a, first), (b, second)) if each is None)
        errors = tuple(not_found(text) for text in missing)
        return _choose(request, a, b, errors=errors, status=404)
    canonical = {"a": str(first.name), "b": str(second.name)}
    if canonical != {"a": request.GET["a"], "b": request.GET["b"]}:
        query = request.GET.copy()
        for name, text in canonical.items():
            query[name] = text
        return HttpResponseRedirect(f"{request.path}?{query.urlencode(safe='/:@')}")
    chosen = choose(first, second, text_in(request.GET, "platform", most=100))
    if request.method == "POST":
        return _begin(request, first, second, chosen)
    page = ComparePage.build(first, second, chosen, request.GET, request.access)
    return render_page(request, "comparison/compare.html", page, partial="comparison")


def _choose(
    request: AccessRequest, a: str, b: str, *, errors: tuple[str, ...] = (), status: int = 200
) -> HttpResponse:
    page = ChoosePage.build(a, b, request.access, errors=errors)
    return render_page(request, "comparison/choose.html", page, status=status)


def _selected(request: AccessRequest) -> HttpResponse:
    """Lead from two rows that were selected in a repository's list to their comparison."""
    names = _names_in(request.GET)
    if len(names) == 2:
        second, first = names  # lists have the newest first, comparisons what was before
        platform = text_in(request.GET, "platform", most=100)
        return HttpResponseRedirect(compare_url(first, second, platform=platform))
    wrong = _("Select two rows to compare; %(count)s were selected.") % {"count": len(names)}
    a = names[0] if names else ""
    return _choose(request, a, "", errors=(wrong,) if len(names) != 1 else ())


def _names_in(query: QueryDict) -> list[str]:
    repository = text_in(query, "in", most=LONGEST)
    tags = [f"{repository}:{tag}" for tag in query.getlist("tag")]
    digests = [f"{repository}@{digest}" for digest in query.getlist("digest")]
    return [name.replace("\0", "")[:LONGEST] for name in (*tags, *digests)]


def _begin(request: AccessRequest, first: Found, second: Found, chosen: Chosen) -> HttpResponse:
    """Ask that the files be compared, and their layers read first, and lead to the page."""
    sides = ((first, chosen.first), (second, chosen.second))
    user_id = request.access.user_id
    if user_id is None or not _is_possible(request.access, sides):
        raise Http404
    _comparison, is_new = ask_for_comparison(
        (first.repository, chosen.first),
        (second.repository, chosen.second),
        user_id=user_id,
        now=timezone.now(),
    )
    for found, image in sides if is_new else ():
        if unread_layers(image, found.repository):
            _record(request, found, image)
    return see_other(address(request.GET, path=request.path, page=""))


def _is_possible(access: Access, sides: tuple[tuple[Found, Manifest], ...]) -> bool:
    """Say whether this person may look inside both, and both have anything to be read."""
    return all(may_look_inside(access, found.repository) and has_files(row) for found, row in sides)


def _record(request: AccessRequest, found: Found, image: Manifest) -> None:
    record(
        Action.FILES_READ,
        by=actor_of(request),
        registry=found.name.registry,
        repository=found.name.repository,
        subject=found.name.repository,
        digest=image.digest,
        now=timezone.now(),
    )
