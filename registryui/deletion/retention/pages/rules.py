"""All rules, one of them with its runs, and the form with what it would do."""

from dataclasses import dataclass, field

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext

from registryui.accounts.access import Access
from registryui.accounts.pages.form import Field, Form
from registryui.deletion.models.retention import RetentionRule
from registryui.deletion.planning.ways import READ_ONLY
from registryui.deletion.retention.forms import RetentionRuleForm
from registryui.deletion.retention.pages.rows import RetentionRuleRow, RetentionRunRow
from registryui.deletion.retention.previews import RetentionPreview
from registryui.deletion.rules.scope import MANAGE, may_see, may_write
from registryui.web.pagination import Pagination, paginate


@dataclass(frozen=True, slots=True)
class RetentionListPage:
    """The rules that say what is kept."""

    rules: tuple[RetentionRuleRow, ...] = field(
        metadata={"help": "The rules one may see, by name."}
    )
    new_url: str = field(metadata={"help": "Where to write another; empty if one may not."})
    read_only: str = field(metadata={"help": "Why nothing is deleted at all; empty if it is."})

    @classmethod
    def build(cls, access: Access) -> "RetentionListPage":
        """Read the page."""
        rules = RetentionRule.objects.order_by("name")
        may_add = access.may_somewhere(MANAGE)
        return cls(
            rules=tuple(RetentionRuleRow.build(rule) for rule in rules if may_see(access, rule)),
            new_url=reverse("retention-new") if may_add else "",
            read_only=gettext(READ_ONLY) if settings.READ_ONLY else "",
        )


@dataclass(frozen=True, slots=True)
class RetentionDetailPage:
    """One rule, and all its runs."""

    rule: RetentionRuleRow = field(metadata={"help": "The rule."})
    created_by: str = field(metadata={"help": "Who wrote it."})
    edit_url: str = field(metadata={"help": "Where to change it; empty if one may not."})
    dry_run_url: str = field(metadata={"help": "Where to run it dry, by POST; empty if not."})
    run_url: str = field(
        metadata={"help": "Where to run it now, by POST; empty if it is off or one may not."}
    )
    off_url: str = field(
        metadata={"help": "Where to switch it off, by POST; empty if it is off or one may not."}
    )
    delete_url: str = field(metadata={"help": "Where to delete it, by POST; empty if not."})
    looked_url: str = field(
        metadata={"help": "The last dry run of exactly these settings, from where to switch it on."}
    )
    read_only: str = field(metadata={"help": "Why nothing is deleted at all; empty if it is."})
    is_live: bool = field(metadata={"help": "Whether a run is under way."})
    pagination: Pagination = field(metadata={"help": "Where in the list of runs this page is."})
    runs: tuple[RetentionRunRow, ...] = field(metadata={"help": "The newest first."})

    @classmethod
    def build(cls, rule: RetentionRule, query: QueryDict, access: Access) -> "RetentionDetailPage":
        """Read the page."""
        path, may = rule.get_absolute_url(), may_write(access, rule)
        total = rule.runs.count()
        pagination = paginate(query, path=path, total=total, size=settings.PAGE_SIZE)
        shown = rule.runs.newest_first()[pagination.offset : pagination.last]
        dry = rule.runs.filter(is_dry=True, state="DONE", fingerprint=rule.fingerprint)
        looked = None if rule.is_on else dry.newest_first().first()
        return cls(
            rule=RetentionRuleRow.build(rule),
            created_by=rule.created_by,
            edit_url=_url("retention-edit", rule) if may else "",
            dry_run_url=_url("retention-dry-run", rule) if may else "",
            run_url=_url("retention-run-now", rule)
            if may and rule.is_on and not settings.READ_ONLY
            else "",
            off_url=_url("retention-off", rule) if may and rule.is_on else "",
            delete_url=_url("retention-delete", rule) if may else "",
            looked_url=looked.get_absolute_url() if looked and may else "",
            read_only=gettext(READ_ONLY) if settings.READ_ONLY else "",
            is_live=rule.runs.unfinished().exists(),
            pagination=pagination,
            runs=tuple(RetentionRunRow.build(run) for run in shown),
        )


@dataclass(frozen=True, slots=True)
class RetentionFormPage:
    """The form of a rule, and what it would do now as filled in."""

    title: str = field(metadata={"help": "What is being written."})
    form: Form = field(metadata={"help": "What to fill in."})
    about: tuple[Field, ...] = field(metadata={"help": "Of its fields: what it is about."})
    keeps: tuple[Field, ...] = field(metadata={"help": "Of its fields: what is kept."})
    more: tuple[Field, ...] = field(metadata={"help": "Of its fields: the others."})
    back_url: str = field(metadata={"help": "Where to go without saving."})
    is_on: bool = field(metadata={"help": "Whether the rule deletes now: a change ends that."})
    preview: RetentionPreview | None = field(
        metadata={"help": "What it would do now; null as long as something is missing."}
    )

    @classmethod
    def build(
        cls,
        form: RetentionRuleForm,
        *,
        url: str,
        preview: RetentionPreview | None,
        rule: RetentionRule | None,
    ) -> "RetentionFormPage":
        """Read a form of Django's."""
        page_form = Form.build(form, url=url, button=gettext("Save"))
        fields = {each.name: each for each in page_form.fields}
        keeps = ("newest", "newest_by", "days", "days_by", "pulled_days", "kept")
        return cls(
            title=_title(rule),
            form=page_form,
            about=tuple(fields[name] for name in ("name", "repository", "registry", "tag")),
            keeps=tuple(fields[name] for name in keeps),
            more=tuple(fields[name] for name in ("untagged_days", "max_percent")),
            back_url=rule.get_absolute_url() if rule else reverse("retention-list"),
            is_on=rule is not None and rule.is_on,
            preview=preview,
        )


def _title(rule: RetentionRule | None) -> str:
    if rule is None:
        return gettext("New retention rule")
    return gettext("Change %(name)s") % {"name": rule.name}


def _url(name: str, rule: RetentionRule) -> str:
    return reverse(name, args=[rule.pk])
