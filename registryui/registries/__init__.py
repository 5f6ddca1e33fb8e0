"""Registries that administrators add, change and remove in the browser."""
