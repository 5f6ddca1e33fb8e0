"""Connecting to a registry: the commands people type, what may go wrong, and what it means."""
