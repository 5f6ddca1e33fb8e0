"""What the sync remembers of itself: its runs, and what they did."""

from registryui.sync.models.run import SyncChange, SyncChunk, SyncFailure, SyncRun

__all__ = ["SyncChange", "SyncChunk", "SyncFailure", "SyncRun"]
