"""The registries of the world as switches: what each deletes, lists and counts."""

from collections.abc import Callable

from registryui.sample.switches import Switches

# Fresh switches each time: they are made to be changed.
KINDS: dict[str, Callable[[], Switches]] = {
    "distribution-2.8.2": lambda: Switches(deletes_tags=False),
    "distribution-2.8.2-disabled": lambda: Switches(delete_enabled=False, deletes_tags=False),
    "distribution-2.8.2-read-only": lambda: Switches(deletes_tags=False, read_only=True),
    "distribution-3.0.0": Switches,
    "distribution-3.0.0-disabled": lambda: Switches(delete_enabled=False, always_deletes_tags=True),
    "distribution-3.1.1": Switches,
    "distribution-3.1.1-disabled": lambda: Switches(delete_enabled=False),
    "distribution-3.1.1-read-only": lambda: Switches(read_only=True),
    "pull-through-cache": lambda: Switches(delete_enabled=False, push_enabled=False),
    "docker-hub": lambda: Switches(
        deletes_tags=False,
        keeps="referenced",
        has_catalog=False,
        has_referrers=False,
        pull_limit=100,
    ),
    "ghcr": lambda: Switches(has_catalog=False, delete_enabled=False),
    "gitlab": lambda: Switches(has_catalog=False),
    "zot": lambda: Switches(keeps="indexed"),
    "google": lambda: Switches(has_catalog=False, keeps="tagged"),
}
