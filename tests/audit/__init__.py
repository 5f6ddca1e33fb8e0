"""The audit log: added to, proved, read, exported, forwarded."""
