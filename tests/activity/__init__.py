"""Notifications and what becomes of them."""
