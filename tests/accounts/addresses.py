"""Which addresses of the accounts are pages, and which are not."""

from registryui.accounts.pages.account import AccountPage
from registryui.accounts.pages.parts import FormPage
from registryui.accounts.pages.people import PersonDetailPage, PersonListPage
from registryui.accounts.pages.sign_in import EntrancePage
from registryui.accounts.pages.teams import TeamDetailPage, TeamListPage
from registryui.accounts.pages.tokens import TokenListPage
from registryui.accounts.pages.two_factor import (
    RecoveryCodesPage,
    TwoFactorOnPage,
    TwoFactorPage,
)

PAGES: dict[str, type] = {
    "sign-in": EntrancePage,
    "account_login": EntrancePage,
    "set-up": EntrancePage,
    "choose-password": EntrancePage,
    "account": AccountPage,
    "password": FormPage,
    "token-list": TokenListPage,
    "person-list": PersonListPage,
    "person-detail": PersonDetailPage,
    "team-list": TeamListPage,
    "team-detail": TeamDetailPage,
    "team-delete": FormPage,
    "grant-add": FormPage,
    "two-factor": TwoFactorPage,
    "two-factor-on": TwoFactorOnPage,
    "two-factor-off": FormPage,
    "recovery-codes": RecoveryCodesPage,
    "password-again": EntrancePage,
    "account_reauthenticate": EntrancePage,
    "code-again": EntrancePage,
    "mfa_reauthenticate": EntrancePage,
    "sign-in-code": EntrancePage,
    "mfa_authenticate": EntrancePage,
}
NO_PAGES = {
    "account_inactive",
    "grant-remove",
    "member-add",
    "member-remove",
    "openid_connect_callback",
    "openid_connect_login",
    "person-disable",
    "person-enable",
    "person-link",
    "person-role",
    "person-two-factor-reset",
    "recovery-codes-new",
    "session-end",
    "sessions-end",
    "sign-out",
    "team-change",
    "token-revoke",
    "two-factor-picture",
}
