"""The payload that cosign signs: which image, by digest, and nothing else that counts."""

from registryui.oci.digest import Digest
from registryui.oci.document import Document, object_of, text_of
from registryui.oci.marking import gettext_noop
from registryui.supplychain.formats.parts import Paper, PaperKind, UnreadableError

TYPE = "cosign container image signature"
# What containers/image writes with a GPG key; cosign reads it, too.
OLD_TYPE = "atomic container signature"


def is_simple_signing(document: Document) -> bool:
    """Say whether a document is such a payload."""
    return isinstance(document.get("critical"), dict)


def read_simple_signing(document: Document) -> Paper:
    """Read the payload; raise UnreadableError for another type, OciError for what is no digest."""
    critical = object_of(document, "critical")
    if text_of(critical, "type") not in (TYPE, OLD_TYPE):
        raise UnreadableError(
            gettext_noop("It is not what cosign signs: its type says something else.")
        )
    claimed = text_of(object_of(critical, "image"), "docker-manifest-digest", max_length=200)
    reference = text_of(object_of(critical, "identity"), "docker-reference", max_length=500)
    optional = object_of(document, "optional")
    extra = tuple(
        (name[:100], value[:500])
        for name, value in list(optional.items())[:50]
        if isinstance(value, str)
    )
    return Paper(
        kind=PaperKind.SIGNATURE,
        form=gettext_noop("cosign signature"),
        made_by=text_of(optional, "creator", max_length=200),
        subjects=(str(Digest.parse(claimed)),),
        facts=(((gettext_noop("signed as"), reference),) if reference else ()) + extra,
    )
