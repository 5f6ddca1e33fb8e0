"""The registries that a grant may name: those of the settings, and those that others know of."""

from collections.abc import Callable, Iterable

from django.conf import settings

# Whoever keeps registries puts a function here that lists them by name and title.
sources: list[Callable[[], Iterable[tuple[str, str]]]] = []


def grantable_registries() -> list[tuple[str, str]]:
    """Return the name and the title of each registry, once."""
    declared = {each.slug: each.title or each.slug for each in settings.REGISTRIES}
    for source in sources:
        declared = {slug: title or slug for slug, title in source()} | declared
    return list(declared.items())
