"""Learns from a repository's images where they come from, and writes it as builds."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max

from registryui.builds.claims import LABEL_KEYS, Claim, claim_of_labels
from registryui.builds.matching import link_claims_of
from registryui.builds.models import Build, RepositoryClaims
from registryui.builds.statements import Attestation, StatementReader
from registryui.catalog.models import (
    ImageLabel,
    Manifest,
    ManifestChild,
    Referrer,
    Repository,
    Tag,
)
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
    attestations: list[Attestation] = field(default_factory=list)
    labels: Pairs = ()


def learn(repository: Repository, reader: StatementReader, *, now: datetime) -> None:
    """Write what the newest images of a repository tell; raise RegistryError when it is down.

    Statements are read before the transaction begins, so that nobody waits for a registry in it.
    """
    newest = Referrer.objects.filter(repository=repository).aggregate(newest=Max("pk"))["newest"]
    images = _images(repository)
    known = _known(repository, images)
    unread = [image for image in images if (image.digest, Learned.PROVENANCE) not in known]
    _add_attestations(repository, unread)
    claims: dict[tuple[str, str], Claim] = {}
    for image in images:
        claims.update(_claims_of(image, reader, known))
    with transaction.atomic():
        _write(repository, images, claims, now)
        _note_tags(known, images)
        _forget(repository)
        note_read(repository, newest=newest or 0, now=now)


def note_read(repository: Repository, *, newest: int, now: datetime) -> None:
    """Note up to which state a repository was read."""
    was_claimed = repository.claimed_until is not None and repository.claimed_until > now
    RepositoryClaims.objects.update_or_create(
        repository=repository,
        defaults={
            "changed_at": repository.changed_at,
            "was_claimed": was_claimed,
            "newest_referrer": newest,
        },
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


def _add_attestations(repository: Repository, images: Iterable[Image]) -> None:
    about = {
        digest: image
        for image in images
        for digest in (*(digest for _, digest in image.platforms), image.digest)
    }
    for part in in_lookups(about):
        rows = Referrer.objects.filter(
            repository=repository, subject_digest__in=part, kind=str(Kind.ATTESTATION)
        ).order_by("pk")
        pairs = list(rows.values_list("subject_digest", "manifest"))
        manifests = Manifest.objects.in_bulk({key for _, key in pairs})
        for subject, key in pairs:
            row = manifests[key]
            about[subject].attestations.append(
                Attestation(row.digest, row.media_type, bytes(row.content))
            )


def _known(repository: Repository, images: Sequence[Image]) -> dict[tuple[str, str], Build]:
    rows = Build.objects.of(repository.registry_id, repository.name).claimed()
    found: dict[tuple[str, str], Build] = {}
    for part in in_lookups(image.digest for image in images):
        for row in rows.filter(external_id__in=part):
            found[row.external_id, row.learned] = row
    return found


def _claims_of(
    image: Image, reader: StatementReader, known: Mapping[tuple[str, str], Build]
) -> dict[tuple[str, str], Claim]:
    """Return what is not known yet: a digest's labels and statements never change."""
    found: dict[tuple[str, str], Claim] = {}
    if (image.digest, Learned.LABELS) not in known and image.labels:
        found[image.digest, Learned.LABELS] = claim_of_labels(image.labels)
    if (image.digest, Learned.PROVENANCE) not in known and image.attestations:
        found[image.digest, Learned.PROVENANCE] = reader.first(image.attestations)
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
