"""The page of what the doctor found in a registry."""

from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from registryui.accounts.access import Access
from registryui.catalog.counted_pulls import CountedPulls, counted_pulls
from registryui.catalog.models import Registry
from registryui.catalog.pages.parts import Link, registry_crumb
from registryui.connect.diagnosing import is_live, newest_of
from registryui.connect.doctor.course import TITLES, TOTAL
from registryui.connect.doctor.findings import State
from registryui.connect.doors import may_examine
from registryui.connect.explanations import explanation_of
from registryui.connect.models import Diagnosis, DiagnosisLook
from registryui.connect.pages.explain import explain_address
from registryui.web.sentences import in_own_language


@dataclass(frozen=True, slots=True)
class LookRow:
    """What one look found."""

    key: str = field(metadata={"help": "What was looked at."})
    title: str = field(metadata={"help": "The same for people."})
    state: str = field(metadata={"help": "FINE, UNSUPPORTED, WARNING, BROKEN or SKIPPED."})
    state_words: str = field(metadata={"help": "The same in words."})
    words: str = field(metadata={"help": "What was found, and why."})
    fix: str = field(metadata={"help": "What to do about it; empty if nothing."})
    message: str = field(
        metadata={"help": "What a client's user would read of it; empty if nothing."}
    )
    explain_url: str = field(metadata={"help": "Address that explains that message."})
    milliseconds: int = field(metadata={"help": "How long it took."})

    @classmethod
    def of(cls, look: DiagnosisLook) -> "LookRow":
        """Read a look."""
        explanation = explanation_of(look.explanation)
        words, fix = _said(look.words, look.fix)
        message = explanation.example if explanation else ""
        return cls(
            key=look.key,
            title=gettext(TITLES.get(look.key, look.key)),
            state=look.state,
            state_words=str(State(look.state).label),
            words=words,
            fix=fix,
            message=message,
            explain_url=explain_address(message) if message else "",
            milliseconds=look.milliseconds,
        )


def _said(words: str, fix: str) -> tuple[str, str]:
    """Return what was found and what to do in the reader's language.

    An error's sentences are known together, cause first: they are put together, and taken apart.
    """
    found, advice = in_own_language(words), in_own_language(fix)
    if not fix or found != words:
        return found, advice
    together = f"{words} {fix}"
    said = in_own_language(together)
    cause, stop, rest = said.partition("。")
    return (f"{cause}{stop}", rest.strip()) if said != together and rest else (found, advice)


@dataclass(frozen=True, slots=True)
class DiagnosisRow:
    """One examination."""

    asked_by: str = field(metadata={"help": "Who wanted it."})
    asked_at: datetime = field(metadata={"help": "When."})
    finished_at: datetime | None = field(metadata={"help": "When it ended; null before."})
    with_deletion: bool = field(metadata={"help": "Whether deletion was tried."})
    error: str = field(metadata={"help": "Why nothing could be examined; empty if it could."})
    is_given_up: bool = field(metadata={"help": "Whether it broke off."})
    counts: dict[str, int] = field(metadata={"help": "How many looks ended in which state."})
    looks: tuple[LookRow, ...] = field(metadata={"help": "What was found, in order."})

    @classmethod
    def of(cls, diagnosis: Diagnosis, *, is_live: bool) -> "DiagnosisRow":
        """Read an examination."""
        looks = tuple(LookRow.of(look) for look in diagnosis.looks.order_by("pk"))
        states = [look.state for look in looks]
        return cls(
            asked_by=diagnosis.asked_by,
            asked_at=diagnosis.created_at,
            finished_at=diagnosis.finished_at,
            with_deletion=diagnosis.with_deletion,
            error=in_own_language(diagnosis.error),
            is_given_up=diagnosis.finished_at is None and not is_live,
            counts={state: states.count(state) for state in State.values if state in states},
            looks=looks,
        )


@dataclass(frozen=True, slots=True)
class DoctorPage:
    """What the doctor found in a registry when it was last examined."""

    registry: str = field(metadata={"help": "What people call the registry."})
    slug: str = field(metadata={"help": "The registry's name in addresses."})
    url: str = field(metadata={"help": "Address of this page; POST asks for an examination."})
    crumbs: tuple[Link, ...] = field(metadata={"help": "The way up."})
    connect_url: str = field(metadata={"help": "Address of the commands for this registry."})
    pulls: CountedPulls | None = field(
        metadata={"help": "What is left of its pulls; null if it does not count them."}
    )
    may_examine: bool = field(metadata={"help": "Whether one may ask for an examination."})
    is_live: bool = field(metadata={"help": "Whether one goes on, so that looking again helps."})
    total: int = field(metadata={"help": "How many looks an examination has."})
    diagnosis: DiagnosisRow | None = field(metadata={"help": "The last one; null if none was."})

    @classmethod
    def build(cls, registry: Registry, access: Access) -> "DoctorPage":
        """Read the page."""
        newest = newest_of(registry)
        live = newest is not None and is_live(newest)
        return cls(
            registry=str(registry),
            slug=registry.slug,
            url=reverse("doctor", args=[registry.slug]),
            crumbs=(registry_crumb(registry),),
            connect_url=reverse("connect", args=[registry.slug]),
            pulls=counted_pulls(registry, access, now=timezone.now()),
            may_examine=may_examine(access, registry.slug),
            is_live=live,
            total=TOTAL,
            diagnosis=DiagnosisRow.of(newest, is_live=live) if newest else None,
        )
