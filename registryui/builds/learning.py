"""Learns from a repository's images where they come from, and writes it as builds."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max

from registryui.builds.claims import LABEL_KEYS, Claim, claim_of_labels
from registryui.builds.matching import link_claims_of
from registryui.builds.models import Build, RepositoryClaims
from registryui.builds.provenance import claims_of_provenance
from registryui.catalog.models import ImageLabel, ManifestChild, Referrer, Repository, Tag
from registryui.oci.document import Pairs
from registryui.oci.manifest import Kind
from registryui.sync.known import in_lookups

Learned = Build.Learned


@dataclass(slots=True)
class Image:
    """An image that tags point to, with what the index has of its origin."""

    key: int
    digest: str
    created_at: datetime | None
    first_seen_at: datetime
    tags: list[str]
    platforms: list[tuple[int | None, str]] = field(default_factory=list)
    labels: Pairs = ()


@dataclass(frozen=True, slots=True)
class State:
    """What of a repository was there before it was read: what comes later is not missed."""

    documents: int
    newest_referrer: int

    @classmethod
    def of(cls, repository: Repository) -> "State":
        """Look, and have a row that documents are counted in from now on."""
        counted, _ = RepositoryClaims.objects.get_or_create(repository=repository)
        newest = Referrer.objects.filter(repository=repository).aggregate(newest=Max("pk"))
        return cls(counted.documents, newest["newest"] or 0)


def learn(repository: Repository, *, now: datetime) -> None:
    """Write what the newest images of a repository tell."""
    state = State.of(repository)
    images = _images(repository)
    known = _known(repository, images)
    claims = _claims(repository, images, known)
    with transaction.atomic():
        _write(repository, images, claims, now)
        _note_tags(known, images)
        _forget(repository)
        note_read(repository, state, now=now)


def note_read(repository: Repository, state: State, *, now: datetime) -> None:
    """Note up to which state a repository was read."""
    RepositoryClaims.objects.filter(repository=repository).update(
        changed_at=repository.changed_at,
        was_claimed=repository.claimed_until is not None and repository.claimed_until > now,
        newest_referrer=state.newest_referrer,
        documents_seen=state.documents,
    )


def _images(repository: Repository) -> list[Image]:
    """Return the newest images with tags, as many as builds are kept: a few queries for all."""
    tags = Tag.objects.in_repository(repository).for_people()
    tags = tags.filter(manifest__kind__in=[str(Kind.IMAGE), str(Kind.INDEX)])
    newest = tags.order_by(F("manifest__created_at").desc(nulls_last=True), "-pk")
    columns = ("manifest", "manifest__digest", "manifest__created_at", "first_seen_at", "name")
    images: dict[int, Image] = {}
    for key, digest, created_at, first_seen_at, name in newest.values_list(*columns)[
        : settings.BUILDS_KEPT
    ]:
        image = images.setdefault(key, Image(key, digest, created_at, first_seen_at, []))
        image.tags.append(name)
    _add_platforms(images)
    _add_labels(images)
    return list(images.values())


def _add_platforms(images: Mapping[int, Image]) -> None:
    for part in in_lookups(images):
        rows = ManifestChild.objects.filter(parent__in=part).order_by("parent", "position")
        for parent, child, digest in rows.values_list("parent", "child", "digest"):
            images[parent].platforms.append((child, digest))


def _add_labels(images: Mapping[int, Image]) -> None:
    """Give each image its own labels; an index those of its first platform, and its own on top."""
    platforms = {
        image.key: next((key for key, _ in image.platforms if key), None)
        for image in images.values()
    }
    wanted = {*images, *(key for key in platforms.values() if key)}
    pairs: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for part in in_lookups(wanted):
        rows = ImageLabel.objects.filter(manifest__in=part, key__in=LABEL_KEYS).order_by("pk")
        for key, name, value in rows.values_list("manifest", "key", "value"):
            pairs[key].append((name, value))
    for image in images.values():
        platform = platforms[image.key]
        image.labels = (*(pairs[platform] if platform else ()), *pairs[image.key])


def _known(repository: Repository, images: Sequence[Image]) -> dict[tuple[str, str], Build]:
    rows = Build.objects.of(repository.registry_id, repository.name).claimed()
    found: dict[tuple[str, str], Build] = {}
    for part in in_lookups(image.digest for image in images):
        for row in rows.filter(external_id__in=part):
            found[row.external_id, row.learned] = row
    return found


def _claims(
    repository: Repository, images: Sequence[Image], known: Mapping[tuple[str, str], Build]
) -> dict[tuple[str, str], Claim]:
    """Return what is not known yet: a digest's labels and documents never change."""
    unread = [each for each in images if (each.digest, Learned.PROVENANCE) not in known]
    about = {
        digest: each.digest
        for each in unread
        for digest in (*(digest for _, digest in each.platforms), each.digest)
    }
    found = {
        (image, str(Learned.PROVENANCE)): claim
        for image, claim in claims_of_provenance(repository, about).items()
    }
    for image in images:
        if (image.digest, Learned.LABELS) not in known:
            found[image.digest, Learned.LABELS] = claim_of_labels(image.labels)
    return {key: claim for key, claim in found.items() if claim.tells_something}


def _write(
    repository: Repository,
    images: Sequence[Image],
    claims: Mapping[tuple[str, str], Claim],
    now: datetime,
) -> None:
    by_digest = {image.digest: image for image in images}
    rows = [
        _row(repository, by_digest[digest], learned, claim, now)
        for (digest, learned), claim in claims.items()
    ]
    Build.objects.bulk_create(rows, ignore_conflicts=True)
    for part in in_lookups({digest for digest, _ in claims}):
        here = Build.objects.of(repository.registry_id, repository.name).claimed()
        link_claims_of(here.filter(external_id__in=part))


def _row(repository: Repository, image: Image, learned: str, claim: Claim, now: datetime) -> Build:
    started_at, finished_at = claim.times
    if started_at is None and finished_at is None:
        finished_at = image.created_at  # which the image claims as well
    happened_at = started_at or finished_at or image.first_seen_at
    return Build(
        registry_id=repository.registry_id,
        repository=repository.name,
        learned=learned,
        external_id=image.digest,
        state=Build.State.SUCCEEDED,  # there it is
        source=claim.source,
        branch=claim.branch,
        commit=claim.commit,
        dockerfile=claim.dockerfile,
        builder=claim.builder,
        log_url=claim.log_url,
        started_at=started_at,
        finished_at=finished_at,
        tags=sorted(image.tags),
        digest=image.digest,
        reported_at=now,
        # Nothing is built in the future, whatever is claimed.
        happened_at=min(happened_at, now),
    )


def _note_tags(known: Mapping[tuple[str, str], Build], images: Sequence[Image]) -> None:
    """Add the tags that came to an image since: what it was once called, it stays known by."""
    for image in images:
        for learned in (Learned.LABELS, Learned.PROVENANCE):
            row = known.get((image.digest, learned))
            if row is not None and not set(image.tags) <= set(row.tags):
                row.tags = sorted({*row.tags, *image.tags})
                row.save(update_fields=["tags"])


def _forget(repository: Repository) -> None:
    claimed = Build.objects.of(repository.registry_id, repository.name).claimed()
    for learned in (Learned.LABELS, Learned.PROVENANCE):
        of_kind = claimed.filter(learned=learned).newest_first().values_list("pk", flat=True)
        Build.objects.filter(pk__in=list(of_kind[settings.BUILDS_KEPT :])).delete()
