"""What provenance tells of images, as the supply chain keeps it of the documents it read."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from django.db.models import F

from registryui.builds.claims import Claim, claim_of_provenance
from registryui.builds.models import RepositoryClaims
from registryui.catalog.models import Manifest, Referrer, Repository
from registryui.supplychain.images import DOCUMENT
from registryui.supplychain.listeners import listeners
from registryui.supplychain.models import Document
from registryui.sync.known import in_lookups

# An image has one provenance for each platform; who attaches thousands is read no further.
MOST_OF_ONE_IMAGE = 4


def claims_of_provenance(repository: Repository, about: Mapping[str, str]) -> dict[str, Claim]:
    """Return what the first provenance that tells something claims of each image.

    ``about`` are the digests that documents may speak about, each with the image that it is of.
    """
    documents = _documents(repository, about)
    told = dict(_told({key for keys in documents.values() for key in keys}))
    return {
        image: next((told[key] for key in keys if key in told), Claim())
        for image, keys in documents.items()
    }


def _documents(repository: Repository, about: Mapping[str, str]) -> Mapping[str, list[int]]:
    """Return the provenances about each image, as they were attached, and no more than are read."""
    found: dict[str, list[int]] = defaultdict(list)
    for part in in_lookups(about):
        rows = Referrer.objects.filter(
            (f"{DOCUMENT}__kind", Document.Kind.PROVENANCE),
            repository=repository,
            subject_digest__in=part,
        ).order_by("pk", "manifest__documents__position")
        for subject, key in rows.values_list("subject_digest", DOCUMENT):
            keys = found[about[subject]]
            if key not in keys and len(keys) < MOST_OF_ONE_IMAGE:
                keys.append(key)
    return found


def _told(keys: set[int]) -> Iterator[tuple[int, Claim]]:
    """Yield what those documents claim that tell something."""
    for part in in_lookups(keys):
        # Not the parameters and materials, which may be long.
        rows = Document.objects.filter(pk__in=part).values_list("pk", "made_by", "facts__facts")
        for key, builder, facts in rows:
            claim = claim_of_provenance(dict(facts or ()), builder)
            if claim.tells_something:
                yield key, claim


def count_document(attached: Manifest, document: Document) -> None:
    """Note a provenance that was read, for each repository that has it attached to an image."""
    if document.kind == Document.Kind.PROVENANCE:
        here = Referrer.objects.filter(manifest=attached).values("repository")
        RepositoryClaims.objects.filter(repository__in=here).update(documents=F("documents") + 1)


listeners.append(count_document)
