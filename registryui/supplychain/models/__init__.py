"""What is known of the documents attached to images, of packages, and of trusted keys."""

from registryui.supplychain.models.document import (
    KEPT_BYTES,
    Attached,
    AttachedDocument,
    Document,
    Progress,
)
from registryui.supplychain.models.key import Signature, TrustedKey, Verification
from registryui.supplychain.models.package import Finding, Package, PackageUse

__all__ = [
    "KEPT_BYTES",
    "Attached",
    "AttachedDocument",
    "Document",
    "Finding",
    "Package",
    "PackageUse",
    "Progress",
    "Signature",
    "TrustedKey",
    "Verification",
]
