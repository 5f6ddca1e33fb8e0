"""Commands of the sync."""
