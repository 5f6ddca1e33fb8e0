"""The page of official namespaces."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from registryui.accounts.pages.form import Form
from registryui.catalog.models import OfficialNamespace, OfficialNamespaces, Repository
from registryui.standing.forms import OfficialForm


@dataclass(frozen=True, slots=True)
class OfficialRow:
    """A namespace that is official."""

    registry: str = field(metadata={"help": "What people call its registry."})
    namespace: str = field(metadata={"help": "Empty: all names that have one part only."})
    url: str = field(metadata={"help": "Address of its repositories."})
    repository_count: int = field(metadata={"help": "Repositories in it that have tags."})
    marked_by: str = field(metadata={"help": "Who marked it."})
    marked_at: datetime = field(metadata={"help": "When."})
    delete_url: str = field(metadata={"help": "Where to take the mark away, by POST."})


@dataclass(frozen=True, slots=True)
class OfficialListPage:
    """The namespaces whose repositories are marked as official, for administrators."""

    url: str = field(metadata={"help": "Address of this page."})
    namespaces: tuple[OfficialRow, ...] = field(metadata={"help": "Those that are marked."})
    form: Form = field(metadata={"help": "To mark another one."})

    @classmethod
    def build(cls, form: OfficialForm) -> "OfficialListPage":
        """Read the page, with the same few queries however many there are."""
        url = reverse("official-list")
        rows = OfficialNamespace.objects.select_related("registry")
        held = Repository.objects.holding_images().filter(OfficialNamespaces().condition())
        counts = {
            (registry, namespace): count
            for registry, namespace, count in held.values_list("registry", "namespace")
            .annotate(count=Count("pk"))
            .order_by()
        }
        return cls(
            url=url,
            namespaces=tuple(
                _row(row, counts.get((row.registry_id, row.namespace), 0))
                for row in rows.order_by("registry__position", "registry__slug", "namespace")
            ),
            form=Form.build(form, url=url, button=_("Mark as official")),
        )


def _row(row: OfficialNamespace, count: int) -> OfficialRow:
    query = f"?{urlencode({'namespace': row.namespace})}" if row.namespace else ""
    return OfficialRow(
        registry=str(row.registry),
        namespace=row.namespace,
        url=f"{row.registry.get_absolute_url()}{query}",
        repository_count=count,
        marked_by=row.marked_by,
        marked_at=row.marked_at,
        delete_url=reverse("official-delete", args=[row.pk]),
    )
