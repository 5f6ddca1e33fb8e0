"""The page that asks which two images are to be compared."""

from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from registryui.accounts.access import Access
from registryui.catalog.models import Manifest, Tag, TagMove
from registryui.comparison.naming import LONGEST, Found, find, name_of

MOST_TAGS = 24
MOST_MOVES = 8


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something that the image could be compared with."""

    text: str = field(metadata={"help": "A tag, or a digest."})
    url: str = field(metadata={"help": "Address of that comparison."})
    until: datetime | None = field(metadata={"help": "Until when the tag pointed to it, if so."})


@dataclass(frozen=True, slots=True)
class ChoosePage:
    """Two fields, and what somebody may want to put in the second."""

    url: str = field(metadata={"help": "Address of this page."})
    a: str = field(metadata={"help": "The first image, as it was written."})
    b: str = field(metadata={"help": "The second image, as it was written."})
    errors: tuple[str, ...] = field(metadata={"help": "What is wrong, in sentences."})
    before: tuple[Suggestion, ...] = field(
        metadata={"help": "What the first one's tag pointed to before, the newest first."}
    )
    tags: tuple[Suggestion, ...] = field(metadata={"help": "Other tags of its repository."})

    @classmethod
    def build(cls, a: str, b: str, access: Access, *, errors: tuple[str, ...] = ()) -> "ChoosePage":
        """Read the page; what was not found is said, and the other one's tags are offered."""
        given = find(a, access) if a else None
        return cls(
            url=reverse("compare"),
            a=a[:LONGEST],
            b=b[:LONGEST],
            errors=errors,
            before=_before(given) if given and not b else (),
            tags=_tags(given) if given and not b else (),
        )


def compare_url(a: str, b: str = "", *, platform: str = "") -> str:
    """Return the address of the comparison of two names."""
    query = {"a": a, "b": b, "platform": platform}
    given = {name: text for name, text in query.items() if text}
    return f"{reverse('compare')}?{urlencode(given, safe='/:@')}"


def not_found(name: str) -> str:
    """Say that there is no such image, as far as one may see."""
    return _(
        "There is no image %(name)s. Write it as REGISTRY/REPOSITORY:TAG or "
        "REGISTRY/REPOSITORY@DIGEST, with the registry's name as in its address here."
    ) % {"name": name[:LONGEST]}


def _before(given: Found) -> tuple[Suggestion, ...]:
    """Return what a tag pointed to before, as far as the repository still has it."""
    if not given.name.tag:
        return ()
    rows = TagMove.objects.filter(repository=given.repository, tag_name=given.name.tag)
    moves = rows.exclude(from_digest="").order_by("-seen_at", "-pk")
    left: dict[str, datetime] = {}
    for digest, seen_at in moves.values_list("from_digest", "seen_at")[: MOST_MOVES * 4]:
        left.setdefault(digest, seen_at)
    left.pop(given.manifest.digest, None)
    held = Manifest.objects.filter(presences__repository=given.repository, digest__in=left)
    digests = set(held.values_list("digest", flat=True))
    return tuple(
        # The older one is the first: what came is added, what went is removed.
        Suggestion(
            digest, compare_url(name_of(given.repository, digest=digest), str(given.name)), seen_at
        )
        for digest, seen_at in left.items()
        if digest in digests
    )[:MOST_MOVES]


def _tags(given: Found) -> tuple[Suggestion, ...]:
    rows = Tag.objects.in_repository(given.repository).for_people()
    others = rows.exclude(manifest=given.manifest).order_by("-is_lead", "-version_key", "name")
    names = others.values_list("name", flat=True)[:MOST_TAGS]
    return tuple(
        Suggestion(name, compare_url(name_of(given.repository, tag=name), str(given.name)), None)
        for name in names
    )
