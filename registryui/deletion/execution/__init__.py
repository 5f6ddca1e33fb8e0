"""Doing what was confirmed: step by step, checked before, verified after, logged in between."""
