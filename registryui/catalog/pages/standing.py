"""How a repository stands with people: its stars, what it is marked as, what is written of it."""

from dataclasses import dataclass, field

from django.urls import reverse

from registryui.accounts.access import Access
from registryui.accounts.models import Grant
from registryui.catalog.models import OfficialNamespace, Overview, Repository, Star


@dataclass(frozen=True, slots=True)
class RepositoryStanding:
    """What people gave a repository and said of it."""

    star_count: int = field(metadata={"help": "How many people gave it a star."})
    is_starred: bool = field(metadata={"help": "Whether whoever asks is one of them."})
    star_url: str = field(
        metadata={"help": "Where to POST star=1 or star=0; empty for who may not."}
    )
    is_official: bool = field(
        metadata={"help": "Whether an administrator marked its namespace as official."}
    )
    is_automated: bool = field(
        metadata={"help": "Whether its newest image names its source and the build that made it."}
    )
    overview: str = field(metadata={"help": "What people here wrote about it, in Markdown."})
    describe_url: str = field(
        metadata={"help": "Address of the form to describe it; empty for who may not."}
    )

    @classmethod
    def build(cls, repository: Repository, access: Access) -> "RepositoryStanding":
        """Read it with three queries; of strangers nobody asks whether they gave a star."""
        place = [repository.registry.slug, repository.name]
        stars = Star.objects.filter(repository=repository, user=access.user_id)
        official = OfficialNamespace.objects.filter(
            registry=repository.registry_id, namespace=repository.namespace
        )
        overview = Overview.objects.filter(repository=repository).values_list("text", flat=True)
        return cls(
            star_count=repository.star_count,
            is_starred=access.is_signed_in and stars.exists(),
            star_url=reverse("repository-star", args=place) if access.may_give_stars else "",
            is_official=official.exists(),
            is_automated=repository.is_automated,
            overview=overview.first() or "",
            describe_url=reverse("repository-description", args=place)
            if may_describe(access, repository)
            else "",
        )


def may_describe(access: Access, repository: Repository) -> bool:
    """Say whether somebody may write what a repository is: who manages it."""
    return access.may(Grant.Role.MANAGE, repository.registry.slug, repository.name)
