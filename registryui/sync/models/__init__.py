"""What the sync remembers of itself: its runs, what they did, and what it is to watch."""

from registryui.sync.models.run import SyncChange, SyncChunk, SyncFailure, SyncRun
from registryui.sync.models.watched import WatchedName

__all__ = ["SyncChange", "SyncChunk", "SyncFailure", "SyncRun", "WatchedName"]
