"""What is sent to confirm a plan, and what changed since somebody looked at it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.translation import gettext as _

from registryui.deletion.planning.plan import DeletionPlan
from registryui.deletion.planning.selection import Selection
from registryui.web.templatetags.show import short_digest

# A form remembers so many tags to say which changed; of more it says only that something did.
MOST_COMPARED = 500
MOST_TOLD = 20


@dataclass(frozen=True, slots=True)
class HiddenField:
    """A field of a form that nobody fills in."""

    name: str = field(metadata={"help": "What it is sent as."})
    value: str = field(metadata={"help": "What is in it."})


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The form that has a plan carried out; sent with POST and the secret of the forms."""

    url: str = field(metadata={"help": "Where it is sent to."})
    button: str = field(metadata={"help": "What sending it does."})
    fields: tuple[HiddenField, ...] = field(metadata={"help": "The selection and the plan seen."})
    word: str = field(metadata={"help": "What has to be typed as confirm; empty if nothing."})
    why: str = field(metadata={"help": "Why it has to be typed."})
    error: str = field(metadata={"help": "What is wrong with what was typed."})


def fields_of(selection: Selection, plan: DeletionPlan) -> tuple[HiddenField, ...]:
    """Return the selection, the plan's fingerprint, and what was shown of it."""
    pairs = [*selection.pairs, ("fingerprint", plan.fingerprint)]
    if len(plan.doable) <= MOST_COMPARED:
        seen = " ".join(f"{tag.name}={short_digest(tag.digest)}" for tag in plan.doable)
        pairs.append(("seen", seen))
    return tuple(HiddenField(name, value) for name, value in pairs)


def changes_since(form: QueryDict, plan: DeletionPlan) -> tuple[str, ...]:
    """Say how a plan differs from the one that a form was sent for; nothing if it does not."""
    if form.get("fingerprint") == plan.fingerprint:
        return ()
    seen = dict(part.rsplit("=", 1) for part in form.get("seen", "").split() if "=" in part)
    now = {tag.name: short_digest(tag.digest) for tag in plan.doable}
    if not seen:
        said = _("What goes is not what you saw; now it is %(number)s of the tags.")
        return (said % {"number": f"{len(now):,}"},)
    changes = list(_differences(seen, now))
    if not changes:
        return (_("The same tags go, but another way, or other manifests go with them."),)
    left = len(changes) - MOST_TOLD
    more = (_("And %(number)s more.") % {"number": f"{left:,}"},) if left > 0 else ()
    return (*changes[:MOST_TOLD], *more)


def _differences(seen: dict[str, str], now: dict[str, str]) -> Iterator[str]:
    for name in seen:
        if name not in now:
            yield _("%(name)s would not be deleted any more.") % {"name": name}
    for name in now:
        if name not in seen:
            yield _("%(name)s would be deleted, too.") % {"name": name}
    for name, digest in seen.items():
        if now.get(name, digest) != digest:
            gaps = {"name": name, "now": now[name], "seen": digest[:12]}
            yield _("%(name)s points to %(now)s now; you saw %(seen)s.") % gaps


def word_to_type(selection: Selection, plan: DeletionPlan) -> tuple[str, str]:
    """Return what has to be typed to confirm a plan, and why; two empty texts if nothing has to."""
    going = plan.doable
    images = Counter(tag.digest for tag in going if tag.digest in selection.digests)
    if any(tag.protected_by for tag in going):
        return plan.repository, _("Protected tags are among them.")
    if selection.is_all and len(going) > 1:
        said = _("You did not choose these %(number)s tags one by one.")
        return plan.repository, said % {"number": f"{len(going):,}"}
    if not images or max(images.values()) == 1:
        return "", ""
    if len(images) == 1 and len(selection.digests) == 1:
        said = _("The image goes with its %(number)s tags.")
        return short_digest(going[0].digest), said % {"number": f"{len(going):,}"}
    return plan.repository, _("Some of the images go with several tags.")
