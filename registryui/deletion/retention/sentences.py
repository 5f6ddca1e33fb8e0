"""A rule in sentences, as people read it on its page and in its runs, and why tags stay or go."""

from collections.abc import Iterator, Mapping

from django.utils import translation
from django.utils.translation import gettext as _

from registryui.accounts.pattern import ANY
from registryui.deletion.models.retention import RetentionRule
from registryui.deletion.retention.choosing import KEPT_BY_ANOTHER
from registryui.web.language import ENGLISH
from registryui.web.sentences import Template, in_own_language

Settings = Mapping[str, object]

_KEPT = Template.of(KEPT_BY_ANOTHER)


def where(settings: Settings) -> str:
    """Say which repositories a rule is about."""
    registry, repository = settings["registry"], settings["repository"]
    gaps = {"registry": registry, "repository": repository}
    if repository == ANY and registry == ANY:
        return _("all repositories of all registries")
    if repository == ANY:
        return _("all repositories of %(registry)s") % gaps
    if registry == ANY:
        return _("%(repository)s of all registries") % gaps
    return _("%(repository)s of %(registry)s") % gaps


def sentences(settings: Settings) -> tuple[str, ...]:
    """Say what a rule keeps and what it deletes."""
    return tuple(_sentences(settings))


def _sentences(settings: Settings) -> Iterator[str]:
    if any(settings[each] for each in ("newest", "days", "pulled_days")):
        yield _about(settings["tag"])
    if count := settings["newest"]:
        yield _newest(str(settings["newest_by"])) % {"count": count}
    if days := settings["days"]:
        yield _young(str(settings["days_by"])) % {"days": days}
    if days := settings["pulled_days"]:
        yield _("those are kept that were pulled within %(days)s days") % {"days": days}
    if kept := settings["kept"]:
        yield _("always kept: %(tags)s") % {"tags": kept}
    if days := settings["untagged_days"]:
        yield _("manifests go that no tag has led to for %(days)s days") % {"days": days}
    yield _("more than %(percent)s %% of a repository's tags, or all, wait to be confirmed") % {
        "percent": settings["max_percent"]
    }


def _about(tags: object) -> str:
    if tags == ANY:
        return _("Of all tags, delete those that nothing here keeps:")
    return _("Of the tags %(tags)s, delete those that nothing here keeps:") % {"tags": tags}


def _newest(by: str) -> str:
    return {
        RetentionRule.Newest.VERSION.value: _("the newest %(count)s by version are kept"),
        RetentionRule.Newest.CREATED.value: _(
            "the newest %(count)s by the date they were built are kept"
        ),
        RetentionRule.Newest.SEEN.value: _(
            "the newest %(count)s by when we first saw them where they point are kept"
        ),
    }[by]


def _young(since: str) -> str:
    if since == RetentionRule.Age.CREATED:
        return _("those are kept for which it is less than %(days)s days since they were built")
    return _(
        "those are kept for which it is less than %(days)s days since "
        "we first saw them where they point"
    )


def why_in_own_language(why: str, *, goes: bool) -> str:
    """Return why a tag goes or stays, as it was written down, in the reader's language.

    What speaks against a tag are phrases that were joined to a sentence; which tags stay on its
    digest may follow.
    """
    if (translation.get_language() or ENGLISH).startswith(ENGLISH):
        return why
    if match := _KEPT.pattern.fullmatch(why):
        reason = match["reason"]
        said = in_own_language(f"{reason[:1].upper()}{reason[1:]}")
        return _(KEPT_BY_ANOTHER).format(name=match["name"], reason=said)
    if not goes:
        return in_own_language(why)
    against, _stop, rest = why.partition(". ")
    said = _all_against(f"{against[:1].lower()}{against[1:]}".removesuffix("."))
    if not rest:
        return _("%(reasons)s.") % {"reasons": said}
    return _("%(reasons)s. %(rest)s") % {"reasons": said, "rest": in_own_language(rest)}


def _all_against(phrases: str) -> str:
    first, *others = map(in_own_language, phrases.split("; "))
    for each in others:
        first = _("%(reasons)s; %(reason)s") % {"reasons": first, "reason": each}
    return first
