"""Events as rows of a list, with links to what the index still has of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from registryui.activity.models import Event
from registryui.catalog.models import Presence, Repository, Tag


@dataclass(frozen=True, slots=True)
class EventRow:
    """One thing that was done."""

    action: str = field(metadata={"help": "pushed, pulled or deleted."})
    actor: str = field(metadata={"help": "Who, as the registry says; empty if it does not."})
    registry: str = field(metadata={"help": "What people call the registry."})
    repository: str = field(metadata={"help": "The repository's full name."})
    repository_url: str = field(metadata={"help": "Its address; empty if the index has it not."})
    tag: str = field(metadata={"help": "The tag; empty when it was done by digest."})
    tag_url: str = field(metadata={"help": "Its address; empty if it is not there any more."})
    digest: str = field(metadata={"help": "The manifest; empty when the registry did not say."})
    digest_url: str = field(metadata={"help": "Its address; empty if it is not there any more."})
    user_agent: str = field(metadata={"help": "With which program."})
    address: str = field(metadata={"help": "From where, as the registry was told."})
    happened_at: datetime = field(metadata={"help": "When, by the registry's clock."})
    is_pending: bool = field(metadata={"help": "Whether the index does not reflect it yet."})


def rows_of(events: Sequence[Event]) -> tuple[EventRow, ...]:
    """Return the rows of some events, in three queries however many there are."""
    names = {event.repository for event in events}
    repositories = {
        (row.registry_id, row.name): row
        for row in Repository.objects.filter(
            registry__in={event.registry_id for event in events}, name__in=names
        ).select_related("registry")
    }
    keys = [row.pk for row in repositories.values()]
    tags = Tag.objects.filter(repository__in=keys, name__in={event.tag for event in events})
    held = Presence.objects.filter(
        repository__in=keys, manifest__digest__in={event.digest for event in events}
    )
    links = _Links(
        repositories,
        set(tags.values_list("repository", "name")),
        set(held.values_list("repository", "manifest__digest")),
    )
    return tuple(links.row(event) for event in events)


@dataclass(frozen=True, slots=True)
class _Links:
    """What the index has of what some events are about."""

    repositories: dict[tuple[int, str], Repository]
    tags: set[tuple[int, str]]
    manifests: set[tuple[int, str]]

    def row(self, event: Event) -> EventRow:
        repository = self.repositories.get((event.registry_id, event.repository))
        url = repository.get_absolute_url() if repository is not None else ""
        key = repository.pk if repository is not None else 0
        return EventRow(
            action=str(event.get_action_display()),
            actor=event.actor,
            registry=str(event.registry),
            repository=event.repository,
            repository_url=url,
            tag=event.tag,
            tag_url=f"{url}-/tags/{event.tag}/" if (key, event.tag) in self.tags else "",
            digest=event.digest,
            digest_url=(
                f"{url}-/manifests/{event.digest}/" if (key, event.digest) in self.manifests else ""
            ),
            user_agent=event.user_agent,
            address=event.address,
            happened_at=event.happened_at,
            is_pending=event.processed_at is None,
        )
