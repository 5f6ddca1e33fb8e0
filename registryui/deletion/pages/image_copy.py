"""The form that gives an image another tag in its repository."""

from dataclasses import dataclass, field

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from registryui.accounts.access import Access
from registryui.catalog.models import Manifest, Repository, Tag
from registryui.catalog.pages.kinds import kind_in_english
from registryui.catalog.pages.manifest_detail import full_crumbs
from registryui.catalog.pages.parts import Link
from registryui.deletion.models import ProtectionRule
from registryui.deletion.planning.ways import READ_ONLY
from registryui.deletion.wording import shown_about
from registryui.oci.reference import is_tag

MOST_TAGS = 8
NO_TAG = gettext_noop(
    "A tag has letters, digits, “_”, “.” and “-” alone, at most 128 of them, and begins with none "
    "of the last two."
)


@dataclass(frozen=True, slots=True)
class ImageCopyPage:
    """What is copied, and what has to be filled in; sent with POST and the secret of the forms."""

    registry: str = field(metadata={"help": "The registry's name in addresses."})
    repository: str = field(metadata={"help": "The repository's full name."})
    crumbs: tuple[Link, ...] = field(metadata={"help": "The way up."})
    url: str = field(metadata={"help": "Where the form is sent to."})
    digest: str = field(metadata={"help": "What gets another tag."})
    digest_url: str = field(metadata={"help": "Address of the manifest."})
    about: str = field(metadata={"help": "What it is, in words."})
    tags: tuple[Link, ...] = field(metadata={"help": "Tags that it has; at most 8."})
    refusal: str = field(metadata={"help": "Why nothing can be copied; empty if it can."})
    tag: str = field(metadata={"help": "The new tag, as it was typed."})
    now_at: str = field(metadata={"help": "Where that tag points now; empty if it is new."})
    now_at_url: str = field(metadata={"help": "Address of what it points to; empty if new."})
    errors: tuple[str, ...] = field(metadata={"help": "What is wrong with what was sent."})

    @classmethod
    def build(cls, repository: Repository, row: Manifest, checked: "Checked") -> "ImageCopyPage":
        """Read the page from the index."""
        path = repository.get_absolute_url()
        tags = Tag.objects.in_repository(repository).filter(manifest=row)
        names = tags.order_by("-is_lead", "-version_key").values_list("name", flat=True)
        words = kind_in_english(
            row.kind, media_type=row.media_type, artifact_type=row.artifact_type
        )
        now_at = checked.now_at
        return cls(
            registry=repository.registry.slug,
            repository=repository.name,
            crumbs=full_crumbs(repository),
            url=reverse("image-copy", args=[repository.registry.slug, repository.name]),
            digest=row.digest,
            digest_url=f"{path}-/manifests/{row.digest}/",
            about=shown_about(f"{words}, {row.platform}" if row.platform else words),
            tags=tuple(Link(name, f"{path}-/tags/{name}/") for name in names[:MOST_TAGS]),
            refusal=_refusal(repository),
            tag=checked.tag,
            now_at=now_at,
            now_at_url=f"{path}-/manifests/{now_at}/" if now_at else "",
            errors=checked.errors,
        )


@dataclass(frozen=True, slots=True)
class Checked:
    """A tag that somebody wants, looked at."""

    tag: str = ""
    now_at: str = ""
    errors: tuple[str, ...] = ()

    @classmethod
    def of(
        cls, repository: Repository, digest: str, tag: str, *, moves_from: str, access: Access
    ) -> "Checked":
        """Check a tag: whether it is one, where it points, and whether it may be moved.

        ``moves_from`` is where it was said that it may leave; empty if it must be new.
        """
        if not is_tag(tag):
            return cls(tag, "", (_(NO_TAG),))
        rows = Tag.objects.in_repository(repository).filter(name=tag)
        now_at = rows.values_list("manifest__digest", flat=True).first() or ""
        if now_at == digest:
            return cls(tag, "", (_("%(tag)s points to this image already.") % {"tag": tag},))
        rules = ProtectionRule.objects.about(repository.registry.slug, repository.name)
        if not access.is_administrator and any(rule.protects(tag) for rule in rules):
            said = _("%(tag)s is protected; only an administrator moves it.")
            return cls(tag, now_at, (said % {"tag": tag},))
        if now_at and now_at != moves_from:
            said = _("%(tag)s points to another image. Tick the box to move it.")
            return cls(tag, now_at, (said % {"tag": tag},))
        return cls(tag, now_at)


def _refusal(repository: Repository) -> str:
    if settings.READ_ONLY:
        return _(READ_ONLY)
    if repository.registry.accepts_pushes is False:
        return _("Our credentials may not push to this registry, so no tag can be set there.")
    return ""
