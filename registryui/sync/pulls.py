"""What registries let us fetch: told to all processes and to people, and kept to by each sync."""

from datetime import UTC, datetime

from registryui.catalog.models import Registry
from registryui.distribution.client import RegistryClient
from registryui.distribution.pulls import PullLimit


def tell_pulls(registry: Registry, client: RegistryClient) -> None:
    """Tell the other processes what is left, as far as the client was told, and it what they know.

    Whichever is newer counts. A registry that has stopped counting is not said to count any more.
    """
    ours = client.pulls.known
    if ours is None and registry.pull_limit is None:
        return  # as with most registries, which are not asked about in vain
    row = Registry.objects.filter(pk=registry.pk)
    theirs = _known(row.first())
    if ours is not None and (theirs is None or ours.read_at > theirs.read_at):
        row.update(**_columns(ours))
    elif ours is None and client.pulls.is_settled and theirs is not None:
        row.update(pull_limit=None, pulls_left=0, pulls_of="")
    elif theirs is not None:
        client.pulls.learn(theirs)


def _known(registry: Registry | None) -> PullLimit | None:
    if registry is None or registry.pull_limit is None or registry.pulls_read_at is None:
        return None
    renewed_at = registry.pulls_renewed_at or registry.pulls_read_at
    return PullLimit(
        limit=registry.pull_limit,
        remaining=registry.pulls_left,
        window_seconds=registry.pull_window,
        source=registry.pulls_of,
        read_at=registry.pulls_read_at.timestamp(),
        renewed_at=renewed_at.timestamp(),
    )


def _columns(said: PullLimit) -> dict[str, object]:
    return {
        "pull_limit": said.limit,
        "pulls_left": said.remaining,
        "pull_window": said.window_seconds,
        "pulls_of": said.source,
        "pulls_read_at": datetime.fromtimestamp(said.read_at, UTC),
        "pulls_renewed_at": datetime.fromtimestamp(said.renewed_at, UTC),
    }
