"""Retention: rules that say which tags are kept, and what becomes of the others."""
