"""Reads from the index what retention decides about: repositories, their tags, known pulls."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

from registryui.accounts.pattern import ANY, condition
from registryui.activity.models import ActivityDay
from registryui.catalog.models import Registry, Repository, Tag
from registryui.catalog.models.repository import RepositoryQuerySet
from registryui.deletion.models.protection import ProtectionRule
from registryui.deletion.models.retention import RetentionRule
from registryui.deletion.retention.conditions import Order, TagFacts, Terms


def terms_of(rule: RetentionRule) -> Terms:
    """Return what a rule says, for choosing."""
    return Terms(
        name=rule.name,
        tag=rule.tag,
        newest=rule.newest,
        newest_by=Order(rule.newest_by),
        days=rule.days,
        days_by=Order(rule.days_by),
        pulled_days=rule.pulled_days,
        kept=tuple(rule.kept.split()),
    )


def repositories_of(registry: str, pattern: str) -> RepositoryQuerySet:
    """Return the repositories of a pattern, of one registry or ``*`` all, that may hold anything.

    They come with their registry, in the order of their rows.
    """
    rows = Repository.objects.filter(
        condition(pattern, "name"), registry__is_declared=True
    ).exclude(state=Repository.State.GONE)
    if registry != ANY:
        rows = rows.filter(registry__slug=registry)
    return rows.select_related("registry").order_by("pk")


def tags_of(repository: Repository, protections: Sequence[ProtectionRule]) -> list[TagFacts]:
    """Return the tags that people chose; signatures follow their images, so they are not asked."""
    rows = Tag.objects.in_repository(repository).for_people().order_by("-version_key", "name")
    return [
        TagFacts(
            name=name,
            version_key=key,
            digest=digest,
            created_at=created_at,
            moved_at=moved_at,
            last_pulled_at=pulled_at,
            protection=_protection(name, protections),
        )
        for name, key, digest, created_at, moved_at, pulled_at in rows.values_list(
            "name",
            "version_key",
            "manifest__digest",
            "manifest__created_at",
            "moved_at",
            "last_pulled_at",
        )
    ]


def pulls_known_since(registry: Registry) -> datetime | None:
    """Return since when the registry has told us of pulls; None if it never did.

    Whatever day the first one is on, the next is the first of which we heard all.
    """
    days = ActivityDay.objects.filter(registry=registry, repository="", pulls__gt=0)
    first = days.order_by("day").values_list("day", flat=True).first()
    return datetime.combine(first + timedelta(days=1), time(), UTC) if first else None


def _protection(name: str, rules: Sequence[ProtectionRule]) -> str:
    return next((each.refusal for each in rules if each.protects(name)), "")
