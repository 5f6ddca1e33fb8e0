"""One run: what it decided in each repository, what came of that, and why of each tag."""

from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext

from registryui.accounts.access import Access
from registryui.accounts.pages.form import Form
from registryui.deletion.models.operation import Operation
from registryui.deletion.models.retention import RetentionPart, RetentionRun
from registryui.deletion.planning.ways import READ_ONLY
from registryui.deletion.retention.forms import ScheduleForm
from registryui.deletion.retention.pages.rows import RetentionRunRow
from registryui.deletion.retention.previews import VerdictRow
from registryui.deletion.retention.sentences import sentences, where
from registryui.deletion.rules.scope import may_write
from registryui.web.pagination import Pagination, address, paginate

State = RetentionPart.State
ORDER = (State.HELD, State.BEGUN, State.CHOSEN, State.SKIPPED, State.NOTHING)


@dataclass(frozen=True, slots=True)
class RetentionPartRow:
    """What was decided about one repository."""

    registry: str = field(metadata={"help": "Its registry's name in addresses."})
    repository: str = field(metadata={"help": "Its name."})
    url: str = field(metadata={"help": "Where each of its tags is shown with the reason."})
    tags_url: str = field(metadata={"help": "Address of its tags."})
    state: str = field(metadata={"help": "NOTHING, CHOSEN, BEGUN, HELD or SKIPPED."})
    state_words: str = field(metadata={"help": "The same in words."})
    reason: str = field(metadata={"help": "Why it was held or left alone; else empty."})
    going_count: int = field(metadata={"help": "Tags that go."})
    staying_count: int = field(metadata={"help": "Tags that stay."})
    untagged_count: int = field(metadata={"help": "Manifests without tags that go."})
    freed_bytes: int = field(metadata={"help": "What garbage collection can free for it."})
    operation: int | None = field(metadata={"help": "The operation that carries it out."})
    operation_url: str = field(metadata={"help": "Address of its page; empty if there is none."})


@dataclass(frozen=True, slots=True)
class RetentionRunPage:
    """One run of a retention rule."""

    run: RetentionRunRow = field(metadata={"help": "The run."})
    rule_url: str = field(metadata={"help": "Address of the rule; empty if it was deleted."})
    where: str = field(metadata={"help": "Which repositories the rule was about, in words."})
    sentences: tuple[str, ...] = field(metadata={"help": "What the rule said then, in words."})
    confirm_url: str = field(
        metadata={"help": "Where to let go what is held, by POST; empty if nothing or one may not."}
    )
    switch_on: Form | None = field(
        metadata={"help": "To switch the rule on as it was tried here; null if that cannot be."}
    )
    read_only: str = field(metadata={"help": "Why nothing is deleted at all; empty if it is."})
    part: RetentionPartRow | None = field(metadata={"help": "The repository whose tags are shown."})
    all_url: str = field(metadata={"help": "Address of the run with all repositories."})
    pagination: Pagination = field(metadata={"help": "Where in the list this page stands."})
    parts: tuple[RetentionPartRow, ...] = field(metadata={"help": "The repositories of this page."})
    verdicts: tuple[VerdictRow, ...] = field(metadata={"help": "The tags of this page."})

    @classmethod
    def build(cls, run: RetentionRun, query: QueryDict, access: Access) -> "RetentionRunPage":
        """Read the page: the repositories, or the tags of the one that the address names."""
        may = run.rule is not None and may_write(access, run.rule)
        part = _part(run, query)
        rows = _ordered(run)
        total = len(part.verdicts) if part else rows.count()
        path = run.get_absolute_url()
        pagination = paginate(query, path=path, total=total, size=settings.PAGE_SIZE)
        shown = slice(pagination.offset, pagination.last)
        return cls(
            run=RetentionRunRow.build(run),
            rule_url=run.rule.get_absolute_url() if run.rule else "",
            where=where(run.settings),
            sentences=sentences(run.settings),
            confirm_url=reverse("retention-confirm", args=[run.pk])
            if may and is_confirmable(run)
            else "",
            switch_on=_switch_on(run) if may and is_tried(run) else None,
            read_only=gettext(READ_ONLY) if settings.READ_ONLY else "",
            part=_row(part, path) if part else None,
            all_url=path,
            pagination=pagination,
            parts=() if part else tuple(_row(each, path) for each in rows[shown]),
            verdicts=tuple(VerdictRow.build(**each) for each in part.verdicts[shown])
            if part
            else (),
        )


def is_confirmable(run: RetentionRun) -> bool:
    """Say whether what a run held may still be let go: nothing decisive was changed since."""
    rule = run.rule
    return (
        run.state == RetentionRun.State.HELD
        and rule is not None
        and rule.is_on
        and rule.fingerprint == run.fingerprint
    )


def is_tried(run: RetentionRun) -> bool:
    """Say whether a rule may be switched on because it was tried as it is now."""
    rule = run.rule
    return (
        run.is_dry
        and run.state == RetentionRun.State.DONE
        and rule is not None
        and not rule.is_on
        and rule.fingerprint == run.fingerprint
    )


def _switch_on(run: RetentionRun) -> Form:
    rule = run.rule
    initial = {"schedule": rule.schedule, "hour": rule.hour} if rule else {}
    url = reverse("retention-switch-on", args=[run.pk])
    return Form.build(ScheduleForm(initial=initial), url=url, button=gettext("Switch on"))


def _part(run: RetentionRun, query: QueryDict) -> RetentionPart | None:
    wanted = query.get("repository", "")
    if not wanted:
        return None
    rows = run.parts.filter(registry=query.get("registry", "")[:50], repository=wanted[:255])
    return rows.select_related("operation").first()


def _ordered(run: RetentionRun) -> QuerySet[RetentionPart]:
    places = [When(state=state, then=Value(place)) for place, state in enumerate(ORDER)]
    rows = run.parts.select_related("operation").defer("verdicts")
    return rows.annotate(
        place=Case(*places, default=Value(len(ORDER)), output_field=IntegerField())
    ).order_by("place", "repository", "registry")


def _row(part: RetentionPart, path: str) -> RetentionPartRow:
    query = QueryDict(mutable=True)
    operation = part.operation
    return RetentionPartRow(
        registry=part.registry,
        repository=part.repository,
        url=address(query, path=path, registry=part.registry, repository=part.repository),
        tags_url=reverse("tag-list", args=[part.registry, part.repository]),
        state=part.state,
        state_words=str(State(part.state).label),
        reason=part.reason,
        going_count=part.going_count,
        staying_count=part.staying_count,
        untagged_count=part.untagged_count,
        freed_bytes=part.freed_bytes,
        operation=operation.pk if operation else None,
        operation_url=_address(operation),
    )


def _address(operation: Operation | None) -> str:
    try:
        return operation.get_absolute_url() if operation else ""
    except NoReverseMatch:  # operations have their page in a part of the site of its own
        return ""
