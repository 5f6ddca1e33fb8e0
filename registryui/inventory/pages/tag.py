"""The part of a tag's page that says what may be wrong with it."""

from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse

from registryui.catalog.models import Tag
from registryui.catalog.pages.parts import Link, repository_crumbs
from registryui.inventory.models import InventoryRow, RepositoryInventory
from registryui.inventory.pages.rows import FindingWords, entries_of, with_all_that_is_shown


@dataclass(frozen=True, slots=True)
class TagFindingsPage:
    """What may be wrong with one tag."""

    registry: str = field(metadata={"help": "The registry's name in addresses."})
    repository: str = field(metadata={"help": "The repository's full name."})
    tag: str = field(metadata={"help": "The tag."})
    tag_url: str = field(metadata={"help": "Address of the tag."})
    crumbs: tuple[Link, ...] = field(metadata={"help": "The way up."})
    meanings_url: str = field(metadata={"help": "Where to read what findings mean."})
    as_of: datetime | None = field(
        metadata={"help": "When the inventory last looked at it; null if it has not yet."}
    )
    findings: tuple[FindingWords, ...] = field(metadata={"help": "What may be wrong with it."})

    @classmethod
    def build(cls, tag: Tag) -> "TagFindingsPage":
        """Read what the inventory has of a tag."""
        repository = tag.repository
        rows = with_all_that_is_shown(InventoryRow.objects.filter(tag=tag))
        entries = list(entries_of(rows))
        taken = RepositoryInventory.objects.filter(repository=repository)
        return cls(
            registry=repository.registry.slug,
            repository=repository.name,
            tag=tag.name,
            tag_url=tag.get_absolute_url(),
            crumbs=(
                *repository_crumbs(repository),
                Link(repository.name.rpartition("/")[2], repository.get_absolute_url()),
            ),
            meanings_url=reverse("inventory-summary"),
            as_of=taken.values_list("as_of", flat=True).first() if entries else None,
            findings=entries[0].findings if entries else (),
        )
