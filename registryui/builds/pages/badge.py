"""The page on which a repository's badge for readme files elsewhere is switched on and off."""

from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from registryui.builds.doors import Place
from registryui.builds.models import BuildBadge
from registryui.catalog.pages.parts import Link


@dataclass(frozen=True, slots=True)
class BuildBadgePage:
    """The badge that everybody may see who knows its address."""

    registry: str = field(metadata={"help": "The registry's name in addresses."})
    repository: str = field(metadata={"help": "The repository's full name."})
    crumbs: tuple[Link, ...] = field(metadata={"help": "The way up."})
    url: str = field(metadata={"help": "Where to POST action=on, renew or off."})
    is_on: bool = field(metadata={"help": "Whether there is such an address."})
    made_by: str = field(metadata={"help": "Who made the address."})
    made_at: datetime | None = field(metadata={"help": "When it was made."})
    signed_in_url: str = field(metadata={"help": "The badge for whoever may see the repository."})
    image_url: str = field(metadata={"help": "The badge for everybody; empty while off."})
    markdown: str = field(metadata={"help": "What to write into a readme file in Markdown."})
    html: str = field(metadata={"help": "The same in HTML."})

    @classmethod
    def build(cls, place: Place, *, site: str) -> "BuildBadgePage":
        """Read the page; ``site`` is where we are reached, with the scheme."""
        rows = BuildBadge.objects.filter(registry=place.registry, repository=place.name)
        badge = rows.first()
        builds_url = place.url("build-list")
        image = f"{site}{reverse('public-badge', args=[badge.token])}" if badge else ""
        return cls(
            registry=place.registry.slug,
            repository=place.name,
            crumbs=(*place.crumbs, Link(_("builds"), builds_url)),
            url=place.url("build-badge"),
            is_on=badge is not None,
            made_by=badge.made_by if badge else "",
            made_at=badge.made_at if badge else None,
            signed_in_url=place.url("build-badge-picture"),
            image_url=image,
            # Names of repositories hold nothing that either of them would read as its own.
            markdown=f"[![build]({image})]({site}{builds_url})" if image else "",
            html=f'<a href="{site}{builds_url}"><img src="{image}" alt="build"></a>'
            if image
            else "",
        )
