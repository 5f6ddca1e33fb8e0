"""Signing in by the form, as people do."""

from playwright.sync_api import Page


def sign_in(page: Page, name: str, password: str) -> None:
    """Fill in the form that is open, and send it."""
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def go_and_sign_in(page: Page, name: str) -> None:
    """Sign in as one of the people that ``tests.people`` makes, and wait for the home page."""
    page.goto("/sign-in/")
    sign_in(page, name, f"{name}-password")
    page.wait_for_url("**/")
