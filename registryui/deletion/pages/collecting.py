"""How to have a registry free the space: its garbage collection, which no API starts."""

from dataclasses import dataclass, field, replace

from django.utils.translation import gettext, gettext_noop

CONFIGURATION = "/etc/docker/registry/config.yml"
CONFIGURATION_3 = "/etc/distribution/config.yml"


@dataclass(frozen=True, slots=True)
class CollectionCommand:
    """How one kind of registry collects its garbage."""

    title: str = field(metadata={"help": "Which registries it is for."})
    commands: tuple[str, ...] = field(metadata={"help": "What to run, in this order."})
    note: str = field(metadata={"help": "What to know before."})


@dataclass(frozen=True, slots=True)
class Collection:
    """What garbage collection frees after an operation, and how it is started."""

    freed_bytes: int | None = field(
        metadata={"help": "What it can free once all is done; null for who may not know."}
    )
    commands: tuple[CollectionCommand, ...] = field(
        metadata={"help": "One for each kind of registry: the protocol does not tell which it is."}
    )


def _command(*words: str) -> str:
    return " ".join(("registry", "garbage-collect", *words))


# As measured: protocol notes on distribution 2.8.2 and 3.1.1.
COMMANDS = (
    CollectionCommand(
        title=gettext_noop("distribution 2.8 (the image registry:2, Debian's docker-registry)"),
        commands=(
            _command("--dry-run", CONFIGURATION),
            _command(CONFIGURATION),
        ),
        note=gettext_noop(
            "With --delete-untagged it also removes manifests that have no tag; in 2.8 that can "
            "take the platforms of an index that is still tagged, so leave it away there if the "
            "repository has multi-platform images."
        ),
    ),
    CollectionCommand(
        title=gettext_noop("distribution 3 (the image registry:3)"),
        commands=(
            _command("--dry-run", "--delete-untagged", CONFIGURATION_3),
            _command("--delete-untagged", CONFIGURATION_3),
        ),
        note=gettext_noop(
            "If it ends with “Path not found” because two deleted manifests shared a layer, run "
            "it once more: the second run finishes."
        ),
    ),
    CollectionCommand(
        title=gettext_noop("Harbor, Quay, zot and others"),
        commands=(),
        note=gettext_noop(
            "They collect by a schedule of their own: see Garbage Collection in Harbor's "
            "administration, storage.gc in zot's configuration, the time machine in Quay's."
        ),
    ),
)


def collection_of(freed_bytes: int | None) -> Collection:
    """Return how the space of an operation is freed."""
    commands = (
        replace(each, title=gettext(each.title), note=gettext(each.note)) for each in COMMANDS
    )
    return Collection(freed_bytes, tuple(commands))
