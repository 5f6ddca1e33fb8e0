"""Which addresses of the accounts are pages, and which are not."""

from registryui.accounts.pages.sign_in import EntrancePage

PAGES: dict[str, type] = {
    "sign-in": EntrancePage,
    "account_login": EntrancePage,
    "set-up": EntrancePage,
    "choose-password": EntrancePage,
}
NO_PAGES = {"account_inactive", "sign-out"}
