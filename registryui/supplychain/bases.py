"""Tells the lineage which images took part in a build, as its provenance names them."""

from urllib.parse import unquote, urlsplit

from registryui.catalog.models import Manifest, Referrer
from registryui.lineage.models import NamedBase
from registryui.lineage.reading import valid_digest
from registryui.supplychain.formats.parts import Paper

_IMAGES = ("pkg:docker/", "pkg:oci/")
MOST = 50


def keep_bases(attached: Manifest, paper: Paper) -> None:
    """Note the images that a provenance names, for each image that it is about."""
    named = [
        (image_name(uri), valid_digest(digest))
        for uri, digest in paper.materials
        if uri.startswith(_IMAGES)
    ][:MOST]
    if not named:
        return
    referred = Referrer.objects.filter(manifest=attached).values_list("subject_digest", flat=True)
    images = Manifest.objects.filter(digest__in={*referred, *paper.subjects})
    NamedBase.objects.bulk_create(
        [
            NamedBase(
                manifest_id=image,
                source=NamedBase.Source.PROVENANCE,
                name=name[:500],
                digest=digest,
            )
            for image in images.values_list("pk", flat=True)
            for name, digest in named
        ],
        ignore_conflicts=True,
    )


def image_name(uri: str) -> str:
    """Return what a package URL of an image calls it: ``debian:12`` of ``pkg:docker/debian@12?…``.

    The version of a ``pkg:oci`` is its digest, which is no part of a name.
    """
    path = urlsplit(uri).path
    name, _, version = path.partition("/")[2].rpartition("@")
    if not name:
        name, version = version, ""
    tag = unquote(version)
    return f"{unquote(name)}:{tag}" if tag and ":" not in tag else unquote(name)
