"""Deleting one can trust: planned, shown, checked again, done, verified, logged, and undone."""
