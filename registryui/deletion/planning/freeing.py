"""How much space a deletion frees: what nothing else in the registry has."""

from collections.abc import Iterable

from django.db.models import Sum

from registryui.accounts.access import Access
from registryui.catalog.models import Blob, Layer, Manifest, Repository
from registryui.catalog.visibility import visible
from registryui.sync.known import in_lookups


def freed_bytes(repository: Repository, digests: Iterable[str], *, access: Access) -> int:
    """Return the compressed bytes of the manifests and blobs that only these manifests need.

    What another repository of the registry has, too, stays: registries store it once. Only those
    that ``access`` sees are asked, or the sum would tell what the others hold; for who does not
    see all of the registry it is the most that can be freed.
    """
    going = _going(repository, digests, access)
    sizes = 0
    for part in in_lookups(going):
        sizes += Manifest.objects.filter(pk__in=part).aggregate(s=Sum("size_bytes"))["s"] or 0
    return sizes + sum(_blobs_of(going, _needed_elsewhere(repository, going, access)).values())


def _going(repository: Repository, digests: Iterable[str], access: Access) -> set[int]:
    """Return the row ids of those manifests that no other repository of the registry has."""
    others = Repository.objects.filter(registry=repository.registry_id).visible_to(access)
    ids: set[int] = set()
    for part in in_lookups(digests):
        rows = Manifest.objects.filter(digest__in=part)
        elsewhere = rows.filter(presences__repository__in=others.exclude(pk=repository.pk))
        ids |= set(rows.values_list("pk", flat=True)) - set(elsewhere.values_list("pk", flat=True))
    return ids


def _blobs_of(manifests: Iterable[int], needed: set[int]) -> dict[int, int]:
    """Return the sizes of the blobs of some manifests by row id, those needed left out."""
    sizes: dict[int, int] = {}
    for part in in_lookups(manifests):
        layers = Layer.objects.filter(manifest__in=part, is_stored=True)
        sizes.update(layers.values_list("blob", "blob__size_bytes"))
        configs = Blob.objects.filter(configured_manifests__in=part)
        sizes.update(configs.values_list("pk", "size_bytes"))
    return {blob: size for blob, size in sizes.items() if blob not in needed}


def _needed_elsewhere(repository: Repository, going: set[int], access: Access) -> set[int]:
    """Return the blobs of some manifests that another manifest of the registry has."""
    needed: set[int] = set()
    held = {"presences__repository__registry": repository.registry_id}
    for part in in_lookups(_blobs_of(going, set())):
        layers = Layer.objects.filter(
            visible(access, path="manifest__presences__repository__"),
            blob__in=part,
            **{f"manifest__{path}": value for path, value in held.items()},
        )
        needed |= {
            blob
            for blob, manifest in layers.values_list("blob", "manifest")
            if manifest not in going
        }
        configs = Manifest.objects.filter(
            visible(access, path="presences__repository__"), config__in=part, **held
        )
        needed |= {
            blob for blob, manifest in configs.values_list("config", "pk") if manifest not in going
        }
    return needed
