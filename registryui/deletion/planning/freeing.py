"""How much space a deletion frees: what nothing else in the registry has."""

from collections.abc import Iterable

from django.db.models import Sum

from registryui.catalog.models import Blob, Layer, Manifest, Repository
from registryui.sync.known import in_lookups


def freed_bytes(repository: Repository, digests: Iterable[str]) -> int:
    """Return the compressed bytes of the manifests and blobs that only these manifests need.

    What another repository of the registry has, too, stays: registries store it once.
    """
    going = _going(repository, digests)
    sizes = 0
    for part in in_lookups(going):
        sizes += Manifest.objects.filter(pk__in=part).aggregate(s=Sum("size_bytes"))["s"] or 0
    return sizes + sum(_blobs_of(going, _needed_elsewhere(repository, going)).values())


def _going(repository: Repository, digests: Iterable[str]) -> set[int]:
    """Return the row ids of those manifests that no other repository of the registry has."""
    ids: set[int] = set()
    for part in in_lookups(digests):
        rows = Manifest.objects.filter(digest__in=part)
        elsewhere = rows.filter(
            presences__repository__in=Repository.objects.filter(
                registry=repository.registry_id
            ).exclude(pk=repository.pk)
        )
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


def _needed_elsewhere(repository: Repository, going: set[int]) -> set[int]:
    """Return the blobs of some manifests that another manifest of the registry has."""
    needed: set[int] = set()
    held = {"presences__repository__registry": repository.registry_id}
    for part in in_lookups(_blobs_of(going, set())):
        layers = Layer.objects.filter(
            blob__in=part, **{f"manifest__{path}": value for path, value in held.items()}
        )
        needed |= {
            blob
            for blob, manifest in layers.values_list("blob", "manifest")
            if manifest not in going
        }
        configs = Manifest.objects.filter(config__in=part, **held)
        needed |= {
            blob for blob, manifest in configs.values_list("config", "pk") if manifest not in going
        }
    return needed
