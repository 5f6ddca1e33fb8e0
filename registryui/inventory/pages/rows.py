"""One tag as the inventory shows and exports it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from registryui.catalog.models import Tag
from registryui.catalog.pages.kinds import kind_chip
from registryui.catalog.pages.parts import short_platforms
from registryui.inventory.findings import Finding, Meaning, meanings_in
from registryui.inventory.judging import RUNNABLE
from registryui.inventory.models import ImageFacts, InventoryRow
from registryui.oci.annotations import web_link
from registryui.web.sentences import in_own_language


@dataclass(frozen=True, slots=True)
class FindingWords:
    """One finding of a tag, in words."""

    key: str = field(metadata={"help": "Its name in addresses and exports."})
    words: str = field(metadata={"help": "What was found."})
    detail: str = field(metadata={"help": "What exactly; empty if that is all."})
    tone: str = field(metadata={"help": "danger, warn or note."})
    url: str = field(metadata={"help": "Where to read what it means."})


@dataclass(frozen=True, slots=True)
class InventoryEntry:
    """One tag with what an auditor asks of it; what images say of themselves are claims."""

    registry: str = field(metadata={"help": "The registry's name in addresses."})
    registry_title: str = field(metadata={"help": "What people call the registry."})
    repository: str = field(metadata={"help": "The repository's full name."})
    repository_url: str = field(metadata={"help": "Address of the repository."})
    tag: str = field(metadata={"help": "The tag."})
    url: str = field(metadata={"help": "Address of the tag."})
    digest: str = field(metadata={"help": "The manifest it points to."})
    digest_url: str = field(metadata={"help": "Address of the manifest."})
    kind: str = field(metadata={"help": "What it is, in words; empty for an ordinary image."})
    platforms: tuple[str, ...] = field(metadata={"help": "Its platforms, in full."})
    short_platforms: tuple[str, ...] = field(metadata={"help": "The same, as lists show them."})
    smallest_bytes: int = field(metadata={"help": "Compressed size of the smallest platform."})
    largest_bytes: int = field(metadata={"help": "Compressed size of the largest platform."})
    created_at: datetime | None = field(metadata={"help": "When it says it was built, if it does."})
    first_seen_at: datetime = field(metadata={"help": "When a sync first found the tag."})
    last_pulled_at: datetime | None = field(metadata={"help": "When it was last pulled, so told."})
    runs_as: str = field(metadata={"help": "The user it starts as; empty if not known."})
    runs_as_note: str = field(metadata={"help": "What that means, or why it is not known."})
    secret_names: tuple[str, ...] = field(
        metadata={"help": "Names of variables that look like secrets; never their values."}
    )
    has_signature: bool = field(metadata={"help": "A signature is attached; it was not verified."})
    has_sbom: bool = field(metadata={"help": "An SBOM is attached."})
    has_provenance: bool = field(metadata={"help": "A provenance statement is attached."})
    source: str = field(metadata={"help": "The source repository it names."})
    source_text: str = field(metadata={"help": "The same, as lists show it."})
    source_url: str = field(metadata={"help": "The same, if it is safe to be a link."})
    revision: str = field(metadata={"help": "The source revision it names."})
    base_name: str = field(metadata={"help": "The base image it names."})
    base_digest: str = field(metadata={"help": "The base image's digest that it names."})
    findings: tuple[FindingWords, ...] = field(metadata={"help": "What may be wrong with it."})
    read_at: datetime | None = field(
        metadata={"help": "When the repository was last read completely from the registry."}
    )


def with_all_that_is_shown(rows: QuerySet[InventoryRow]) -> QuerySet[InventoryRow]:
    """Return the rows, read together with what their entries need, in one query."""
    return rows.select_related("registry", "repository", "tag__manifest__image_facts").defer(
        "tag__manifest__content", "repository__description"
    )


def entries_of(rows: Iterable[InventoryRow]) -> Iterator[InventoryEntry]:
    """Yield rows as they are shown; they must have been read by ``with_all_that_is_shown``."""
    meanings_url = reverse("inventory-summary")
    for row in rows:
        yield _entry(row, meanings_url)


def _entry(row: InventoryRow, meanings_url: str) -> InventoryEntry:
    tag = row.tag
    manifest = tag.manifest
    facts = _facts_of(tag)
    path = reverse("tag-list", args=[row.registry.slug, row.repository_name])
    runs_as, note = _user(facts) if manifest.kind in RUNNABLE else ("", "")
    return InventoryEntry(
        registry=row.registry.slug,
        registry_title=str(row.registry),
        repository=row.repository_name,
        repository_url=path,
        tag=row.tag_name,
        url=f"{path}-/tags/{row.tag_name}/",
        digest=manifest.digest,
        digest_url=f"{path}-/manifests/{manifest.digest}/",
        kind=kind_chip(manifest.kind),
        platforms=tuple(manifest.platforms.split()),
        short_platforms=short_platforms(manifest.platforms),
        smallest_bytes=manifest.smallest_bytes,
        largest_bytes=manifest.compressed_bytes,
        created_at=manifest.created_at,
        first_seen_at=row.first_seen_at,
        last_pulled_at=tag.last_pulled_at,
        runs_as=runs_as,
        runs_as_note=note,
        secret_names=tuple(facts.secret_names),
        has_signature=row.has_signature,
        has_sbom=row.has_sbom,
        has_provenance=row.has_provenance,
        source=facts.source,
        source_text=facts.source.removeprefix("https://").removesuffix(".git"),
        source_url=web_link(facts.source),
        revision=facts.revision,
        base_name=facts.base_name,
        base_digest=facts.base_digest,
        findings=tuple(_words(each, facts, meanings_url) for each in meanings_in(row.findings)),
        read_at=row.repository.refreshed_at,
    )


def _facts_of(tag: Tag) -> ImageFacts:
    # Charts and other artifacts have none.
    facts: ImageFacts | None = getattr(tag.manifest, "image_facts", None)
    return facts or ImageFacts(is_read=False)


def _user(facts: ImageFacts) -> tuple[str, str]:
    if not facts.is_read:
        return "", _("not known")
    if facts.is_root and not facts.runs_as:
        return "root", _("no user is set")
    if facts.is_root and facts.runs_as.partition(":")[0] != "root":
        return facts.runs_as, _("that is root")
    return facts.runs_as, "" if facts.runs_as else _("not said")


def _words(meaning: Meaning, facts: ImageFacts, meanings_url: str) -> FindingWords:
    detail = ""
    if meaning.finding is Finding.SECRET:
        detail = ", ".join(map(in_own_language, facts.secret_names))
    elif meaning.finding is Finding.ROOT:
        detail = (
            _("user %(user)s") % {"user": facts.runs_as}
            if facts.runs_as
            else _("nobody else is set")
        )
    url = f"{meanings_url}#{meaning.key}"
    return FindingWords(meaning.key, _(meaning.words), detail, meaning.tone, url)
