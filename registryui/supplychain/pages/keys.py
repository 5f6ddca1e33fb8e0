"""The page of the keys that are trusted."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from registryui.accounts.pages.form import Form
from registryui.accounts.pattern import ANY
from registryui.catalog.models import Referrer
from registryui.supplychain.forms import KeyForm
from registryui.supplychain.images import ImagePlace, places_of
from registryui.supplychain.models import TrustedKey, Verification

MOST_IMAGES = 5
LOOKED_THROUGH = 200


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key that is trusted."""

    name: str = field(metadata={"help": "What pages call it."})
    words: str = field(metadata={"help": "What kind of key it is."})
    fingerprint: str = field(metadata={"help": "SHA-256 of the public key, as hexadecimal."})
    registry: str = field(metadata={"help": "Where it counts: a slug; empty: in all registries."})
    repository: str = field(metadata={"help": "The repositories where it counts; empty: in all."})
    expires_at: datetime | None = field(metadata={"help": "When the certificate ends."})
    added_by: str = field(metadata={"help": "Who added it."})
    added_at: datetime = field(metadata={"help": "When."})
    is_pending: bool = field(metadata={"help": "Whether it is still being tried on signatures."})
    signature_count: int = field(metadata={"help": "How many signatures it made."})
    images: tuple[ImagePlace, ...] = field(metadata={"help": "Some of the images it signed."})
    delete_url: str = field(metadata={"help": "Where to end the trust, by POST."})


@dataclass(frozen=True, slots=True)
class KeyListPage:
    """The keys whose signatures count, for administrators."""

    url: str = field(metadata={"help": "Address of this page."})
    keys: tuple[KeyRow, ...] = field(metadata={"help": "Those that are trusted."})
    form: Form = field(metadata={"help": "To trust another one."})

    @classmethod
    def build(cls, form: KeyForm) -> "KeyListPage":
        """Read the page; of each key a few images."""
        url = reverse("key-list")
        keys = list(TrustedKey.objects.order_by("name"))
        images = _images(keys)
        valid = Verification.objects.filter(result=Verification.Result.VALID)
        counts = dict(valid.values_list("key").annotate(count=Count("pk")).order_by())
        return cls(
            url=url,
            keys=tuple(_row(key, counts.get(key.pk, 0), images.get(key.pk, ())) for key in keys),
            form=Form.build(form, url=url, button=_("Trust this key")),
        )


def _images(keys: Sequence[TrustedKey]) -> dict[int, tuple[ImagePlace, ...]]:
    """Return the newest images that each key signed, where it counts."""
    pairs = {key.pk: _signed_by(key) for key in keys}
    where = places_of(pair for found in pairs.values() for pair in found)
    return {
        key: tuple(where[pair] for pair in found if pair in where) for key, found in pairs.items()
    }


def _signed_by(key: TrustedKey) -> list[tuple[int, str]]:
    """Return the newest repositories and digests; one query a key, of which there are few."""
    valid = Verification.objects.filter(key=key, result=Verification.Result.VALID)
    newest = valid.order_by("-pk").values_list(
        "signature__manifest", "signature__document__subjects"
    )[:LOOKED_THROUGH]
    subjects = {manifest: set(text.split()) for manifest, text in newest}
    rows = Referrer.objects.filter(manifest__in=subjects, repository__registry__is_declared=True)
    columns = ("manifest", "repository", "subject_digest", "repository__registry__slug")
    found: dict[tuple[int, str], None] = {}
    for row in rows.order_by("-pk").values_list(*columns, "repository__name")[:LOOKED_THROUGH]:
        manifest, repository, subject, slug, name = row
        if subject in subjects[manifest] and key.covers(slug, name):
            found[repository, subject] = None
        if len(found) == MOST_IMAGES:
            break
    return list(found)


def _row(key: TrustedKey, count: int, images: tuple[ImagePlace, ...]) -> KeyRow:
    return KeyRow(
        name=key.name,
        words=key.words,
        fingerprint=key.fingerprint,
        registry="" if key.registry == ANY else key.registry,
        repository="" if key.repository == ANY else key.repository,
        expires_at=key.expires_at,
        added_by=key.added_by,
        added_at=key.added_at,
        is_pending=key.checked_at is None,
        signature_count=count,
        images=images,
        delete_url=reverse("key-delete", args=[key.pk]),
    )
