"""The index: what the registries hold, as far as we know, and since when."""

from registryui.catalog.models.manifest import Blob, ImageLabel, Layer, Manifest, ManifestChild
from registryui.catalog.models.official import OfficialNamespace, OfficialNamespaces
from registryui.catalog.models.regard import Overview, Star
from registryui.catalog.models.registry import Registry
from registryui.catalog.models.registry_settings import RegistrySettings
from registryui.catalog.models.repository import Presence, Referrer, Repository
from registryui.catalog.models.tag import Tag, TagMove

__all__ = [
    "Blob",
    "ImageLabel",
    "Layer",
    "Manifest",
    "ManifestChild",
    "OfficialNamespace",
    "OfficialNamespaces",
    "Overview",
    "Presence",
    "Referrer",
    "Registry",
    "RegistrySettings",
    "Repository",
    "Star",
    "Tag",
    "TagMove",
]
