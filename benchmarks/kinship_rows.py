"""Bases of a large index's images, and the sums and stacks that workers make of it."""

from benchmarks.index_rows import NOW, base_digest_of
from registryui.catalog.models import Blob, Layer, Manifest, Presence, Registry, Repository, Tag
from registryui.lineage.models import Stack
from registryui.lineage.reading import read_lineage
from registryui.lineage.working import unread
from registryui.storage.keeping import keep_storage

REPOSITORY = "bases/debian"
# By the base layers' numbers: the first ones are in most images.
BASES = {"popular": 0, "usual": 50, "rare": 450}


def fill() -> None:
    """Add images that are one base layer each, and do what workers do after a sync."""
    registry = Registry.objects.get(slug="main")
    repository = Repository.objects.create(
        registry=registry,
        name=REPOSITORY,
        namespace="bases",
        tag_count=len(BASES),
        newest_tag="usual",
        first_seen_at=NOW,
        changed_at=NOW,
        refreshed_at=NOW,
    )
    for tag, number in BASES.items():
        _add(repository, tag, number)
    while manifests := unread(since=_newest()):
        read_lineage(manifests)
    for each in Registry.objects.all():
        keep_storage(each, now=NOW)


def addresses() -> dict[str, str]:
    """Return the pages, each under a name that is the same whatever the database holds."""
    base = f"/r/main/{REPOSITORY}/"
    tags = Tag.objects.filter(repository__name=REPOSITORY).select_related("manifest")
    return {
        "storage": "/r/main/-/storage/",
        "storage by repository": "/r/main/-/storage/?by=repository",
        "storage, one namespace": "/r/main/-/storage/?namespace=library",
        "storage of a repository": f"{base}-/storage/",
        "lineage of the bases": f"{base}-/lineage/",
        **{
            f"lineage of a {tag.name} base": f"{base}-/manifests/{tag.manifest.digest}/lineage/"
            for tag in tags.order_by("name")
        },
        "a layer that many have": f"/layers/{base_digest_of(0)}/",
    }


def _add(repository: Repository, tag: str, number: int) -> None:
    manifest = Manifest.objects.create(
        digest=base_digest_of(-1 - number),
        media_type="application/vnd.oci.image.manifest.v1+json",
        kind="IMAGE",
        size_bytes=2,
        content=b"{}",
        platform="linux/amd64",
        platforms="linux/amd64",
    )
    blob = Blob.objects.get(digest=base_digest_of(number))
    Layer.objects.create(manifest=manifest, position=0, blob=blob)
    Presence.objects.create(repository=repository, manifest=manifest, first_seen_at=NOW)
    Tag.objects.create(
        repository=repository,
        name=tag,
        manifest=manifest,
        version_key=tag,
        first_seen_at=NOW,
        moved_at=NOW,
    )


def _newest() -> int:
    newest = Stack.objects.order_by("-pk").values_list("pk", flat=True).first()
    return newest or 0
