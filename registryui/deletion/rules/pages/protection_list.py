"""Protected tags: the rules, and which tags one of them protects now."""

from dataclasses import dataclass, field
from datetime import datetime

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from registryui.accounts.access import Access
from registryui.accounts.pages.form import Form
from registryui.accounts.pattern import ANY, condition, is_pattern
from registryui.catalog.models import Tag
from registryui.catalog.visibility import visible
from registryui.deletion.models import ProtectionRule
from registryui.deletion.rules.forms import ProtectionForm
from registryui.deletion.rules.scope import may_see, may_write

SHOWN = 50


@dataclass(frozen=True, slots=True)
class ProtectionRow:
    """One rule."""

    tag: str = field(metadata={"help": "Which tags, with * for any text."})
    repository: str = field(metadata={"help": "In which repositories, with * for any text."})
    registry: str = field(metadata={"help": "In which registry; * for all."})
    reason: str = field(metadata={"help": "Why."})
    created_by: str = field(metadata={"help": "Who wrote it."})
    created_at: datetime = field(metadata={"help": "When."})
    preview_url: str = field(metadata={"help": "Where it is shown what it protects now."})
    delete_url: str = field(metadata={"help": "Where to end it, by POST; empty if one may not."})


@dataclass(frozen=True, slots=True)
class ProtectedTag:
    """A tag that stays."""

    registry: str = field(metadata={"help": "Its registry's name in addresses."})
    repository: str = field(metadata={"help": "Its repository."})
    name: str = field(metadata={"help": "The tag."})
    url: str = field(metadata={"help": "Address of its page."})


@dataclass(frozen=True, slots=True)
class ProtectionPreview:
    """What a rule protects now, as far as one may see it."""

    words: str = field(metadata={"help": "The rule as a sentence."})
    error: str = field(metadata={"help": "Why it protects nothing: it is no rule. Else empty."})
    tag_count: int = field(metadata={"help": "How many tags."})
    repository_count: int = field(metadata={"help": "In how many repositories."})
    tags: tuple[ProtectedTag, ...] = field(metadata={"help": f"The first {SHOWN} of them."})


@dataclass(frozen=True, slots=True)
class ProtectionListPage:
    """Which tags nobody but an administrator deletes or moves, and no retention rule either."""

    url: str = field(metadata={"help": "Address of this page."})
    rules: tuple[ProtectionRow, ...] = field(metadata={"help": "The rules one may see."})
    form: Form | None = field(metadata={"help": "To add a rule; null if one may not."})
    preview: ProtectionPreview | None = field(
        metadata={"help": "What the rule in the address protects now; null without one."}
    )

    @classmethod
    def build(
        cls, query: QueryDict, access: Access, form: ProtectionForm | None
    ) -> "ProtectionListPage":
        """Read the page; the form is there for those who may write rules."""
        url = reverse("protection-list")
        rules = ProtectionRule.objects.order_by("registry", "repository", "tag")
        return cls(
            url=url,
            rules=tuple(_row(rule, access) for rule in rules if may_see(access, rule)),
            form=Form.build(form, url=url, button=_("Protect")) if form else None,
            preview=_preview(query, access) if query.get("tag") else None,
        )


def _row(rule: ProtectionRule, access: Access) -> ProtectionRow:
    query = urlencode({"tag": rule.tag, "repository": rule.repository, "registry": rule.registry})
    return ProtectionRow(
        tag=rule.tag,
        repository=rule.repository,
        registry=rule.registry,
        reason=rule.reason,
        created_by=rule.created_by,
        created_at=rule.created_at,
        preview_url=f"{reverse('protection-list')}?{query}",
        delete_url=reverse("protection-delete", args=[rule.pk]) if may_write(access, rule) else "",
    )


def _preview(query: QueryDict, access: Access) -> ProtectionPreview:
    tag, repository = query.get("tag", "").strip(), query.get("repository", "").strip()
    registry = query.get("registry", "").strip() or ANY
    about = ProtectionRule(registry=registry, repository=repository or ANY, tag=tag)
    if not (is_pattern(tag) and is_pattern(about.repository)):
        return _nothing(_("Write names with * for any text: letters, digits and . _ - /"))
    if not may_see(access, about):
        return _nothing(_("This is not only about repositories that you manage."))
    return _found(about, access)


def _nothing(error: str) -> ProtectionPreview:
    return ProtectionPreview(words="", error=error, tag_count=0, repository_count=0, tags=())


def _found(about: ProtectionRule, access: Access) -> ProtectionPreview:
    rows = Tag.objects.for_people().filter(
        condition(about.tag, "name"),
        condition(about.repository, "repository__name"),
        visible(access, path="repository__"),
        repository__registry__is_declared=True,
    )
    if about.registry != ANY:
        rows = rows.filter(repository__registry__slug=about.registry)
    shown = rows.select_related("repository__registry").order_by(
        "repository__name", "-version_key", "name"
    )
    return ProtectionPreview(
        words=_rule_words(about),
        error="",
        tag_count=rows.count(),
        repository_count=rows.values("repository").distinct().count(),
        tags=tuple(
            ProtectedTag(
                registry=row.repository.registry.slug,
                repository=row.repository.name,
                name=row.name,
                url=row.get_absolute_url(),
            )
            for row in shown[:SHOWN]
        ),
    )


def _rule_words(about: ProtectionRule) -> str:
    gaps = {"tag": about.tag, "repository": about.repository, "registry": about.registry}
    if about.registry == ANY:
        return _("%(tag)s in %(repository)s of all registries") % gaps
    return _("%(tag)s in %(repository)s of %(registry)s") % gaps
