"""A rule in sentences, as people read it on its page and in its runs."""

from collections.abc import Iterator, Mapping

from registryui.accounts.pattern import ANY
from registryui.deletion.models.retention import RetentionRule

Settings = Mapping[str, object]


def where(settings: Settings) -> str:
    """Say which repositories a rule is about."""
    registry = settings["registry"]
    of = "all registries" if registry == ANY else registry
    if settings["repository"] == ANY:
        return f"all repositories of {of}"
    return f"{settings['repository']} of {of}"


def sentences(settings: Settings) -> tuple[str, ...]:
    """Say what a rule keeps and what it deletes."""
    return tuple(_sentences(settings))


def _sentences(settings: Settings) -> Iterator[str]:
    tags = "all tags" if settings["tag"] == ANY else f"the tags {settings['tag']}"
    if any(settings[each] for each in ("newest", "days", "pulled_days")):
        yield f"Of {tags}, delete those that nothing here keeps:"
    if count := settings["newest"]:
        by = dict(RetentionRule.Newest.choices)[str(settings["newest_by"])]
        yield f"the newest {count} {by} are kept"
    if days := settings["days"]:
        since = dict(RetentionRule.Age.choices)[str(settings["days_by"])]
        yield f"those are kept for which it is less than {days} days since {since}"
    if days := settings["pulled_days"]:
        yield f"those are kept that were pulled within {days} days"
    if kept := settings["kept"]:
        yield f"always kept: {kept}"
    if days := settings["untagged_days"]:
        yield f"manifests go that no tag has led to for {days} days"
    most = settings["max_percent"]
    yield f"more than {most} % of a repository's tags, or all, wait to be confirmed"
