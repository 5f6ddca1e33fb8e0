"""Signing in by the form, as people do."""

from playwright.sync_api import Page


def sign_in(page: Page, name: str, password: str) -> None:
    """Fill in the form that is open, and send it."""
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
