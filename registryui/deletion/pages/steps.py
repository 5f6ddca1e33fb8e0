"""The steps of an operation as rows."""

from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext

from registryui.deletion.models import Operation, Step
from registryui.deletion.wording import shown_about


@dataclass(frozen=True, slots=True)
class StepRow:
    """One thing done to one tag or one manifest."""

    kind: str = field(metadata={"help": "UNTAG, REPLACE, REMOVE, PUT or TAG."})
    words: str = field(metadata={"help": "What is done, in words."})
    tag: str = field(metadata={"help": "The tag; empty when it is about a digest."})
    tag_url: str = field(metadata={"help": "Address of the tag; empty without one."})
    digest: str = field(metadata={"help": "Where the tag pointed, or the manifest."})
    digest_url: str = field(metadata={"help": "Address of the manifest."})
    about: str = field(metadata={"help": "What the manifest is, in words."})
    goes_with: tuple[str, ...] = field(metadata={"help": "The tags that go with the manifest."})
    state: str = field(metadata={"help": "WAITING, RUNNING, DONE, GONE, CHANGED, REFUSED …"})
    state_words: str = field(metadata={"help": "The same in words."})
    reason: str = field(metadata={"help": "Why it ended so, in words."})
    attempt: int | None = field(metadata={"help": "The audit event that announced it."})
    attempt_url: str = field(metadata={"help": "Its address; empty for who may not read the log."})
    outcome: int | None = field(metadata={"help": "The audit event that says how it ended."})
    outcome_url: str = field(metadata={"help": "Its address; empty for who may not read the log."})
    finished_at: datetime | None = field(metadata={"help": "When it ended."})

    @classmethod
    def build(cls, step: Step, operation: Operation, *, reads_audit: bool) -> "StepRow":
        """Read a step of an operation whose registry is loaded with it."""
        place = [operation.registry.slug, operation.repository]

        def event(sequence: int | None) -> str:
            return reverse("audit-event", args=[sequence]) if reads_audit and sequence else ""

        return cls(
            kind=step.kind,
            words=_words(step),
            tag=step.tag,
            tag_url=reverse("tag-detail", args=[*place, step.tag]) if step.tag else "",
            digest=step.digest,
            digest_url=reverse("manifest-detail", args=[*place, step.digest]),
            about=shown_about(step.about),
            goes_with=tuple(step.goes_with),
            state=step.state,
            state_words=str(step.get_state_display()),
            reason=step.reason,
            attempt=step.attempt,
            attempt_url=event(step.attempt),
            outcome=step.outcome,
            outcome_url=event(step.outcome),
            finished_at=step.finished_at,
        )


def _words(step: Step) -> str:
    if step.kind == Step.Kind.REMOVE and not step.goes_with:
        return gettext("delete the manifest")
    return str(step.get_kind_display())
